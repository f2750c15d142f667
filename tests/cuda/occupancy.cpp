// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Resident blocks per multiprocessor from NVIDIA's host-side occupancy header, without a GPU.
/// Arguments: pairs of compute capability (75, 80, ...) and registers per thread; blocks of 256 threads. Prints, per
/// pair, blocks and the share of the multiprocessor's threads in percent.
#include <cuda_occupancy.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

/// Limits of a multiprocessor, from the table "Technical Specifications per Compute Capability" of the CUDA C++
/// Programming Guide.
struct multiprocessor {
  int capability;
  int threads;
  int blocks;
  std::size_t shared_bytes;
  std::size_t shared_bytes_per_block;  // with opt-in
};
constexpr multiprocessor table[] = {{75, 1024, 16, 65536, 65536},    {80, 2048, 32, 167936, 166912},
                                    {86, 1536, 16, 102400, 101376},  {90, 2048, 32, 233472, 232448},
                                    {100, 2048, 32, 233472, 232448}, {120, 1536, 24, 102400, 101376}};
constexpr int threads_per_block = 256;

/// Blocks that fit, or -1 when the header does not know.
int resident_blocks(const multiprocessor& m, int registers) {
  cudaOccDeviceProp p;
  std::memset(static_cast<void*>(&p), 0, sizeof p);
  p.computeMajor = m.capability / 10;
  p.computeMinor = m.capability % 10;
  p.maxThreadsPerBlock = 1024;
  p.maxThreadsPerMultiprocessor = m.threads;
  p.regsPerBlock = 65536;
  p.regsPerMultiprocessor = 65536;
  p.warpSize = 32;
  p.sharedMemPerBlock = 49152;
  p.sharedMemPerMultiprocessor = m.shared_bytes;
  p.sharedMemPerBlockOptin = m.shared_bytes_per_block;
  p.reservedSharedMemPerBlock = m.capability >= 80 ? 1024 : 0;
  p.numSms = 1;
  cudaOccFuncAttributes f;
  std::memset(static_cast<void*>(&f), 0, sizeof f);
  f.maxThreadsPerBlock = threads_per_block;
  f.numRegs = registers;
  f.partitionedGCConfig = PARTITIONED_GC_OFF;
  f.shmemLimitConfig = FUNC_SHMEM_LIMIT_DEFAULT;
  f.maxDynamicSharedSizeBytes = 49152;
  const cudaOccDeviceState state{};
  cudaOccResult result;
  const auto code = cudaOccMaxActiveBlocksPerMultiprocessor(&result, &p, &f, &state, threads_per_block, 0);
  return code == CUDA_OCC_SUCCESS ? result.activeBlocksPerMultiprocessor : -1;
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i + 1 < argc; i += 2) {
    for (const multiprocessor& m : table) {
      if (m.capability != std::atoi(argv[i])) continue;
      const int blocks = resident_blocks(m, std::atoi(argv[i + 1]));
      std::printf("%d %d\n", blocks, 100 * blocks * threads_per_block / m.threads);
    }
  }
}
