// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Adds 2 to every element of a 1024 x 1024 x 512 array of doubles on the GPU, and says how long each step took.
/// nvcc -std=c++20 --extended-lambda -Iinclude examples/array_add_cuda.cu -o array_add
#include <cstdio>
#include <parloop/cuda.cuh>
#include <vector>

namespace pl = parloop;

void add(const pl::cuda::shape<3>& extents) {
  pl::cuda::stream stream;
  pl::cuda::event start, uploaded, computed, downloaded;
  const auto [nz, ny, nx] = extents;
  // The result's memory first: where it is short this throws before the host's array is filled.
  pl::cuda::device_array<double, 3> out(stream, extents);
  std::vector<double> host(static_cast<std::size_t>(out.size()), 1.0);
  const auto add_two = [] __device__(double x) { return x + 2; };
  pl::cuda::fill(stream, out, 0.0);
  pl::cuda::transform(stream, out, out, add_two);  // a kernel's first launch loads it
  pl::cuda::synchronize(stream);

  start.record(stream);
  const auto in = pl::cuda::to_device(stream, host, extents);
  uploaded.record(stream);
  pl::cuda::transform(stream, in, out, add_two);
  computed.record(stream);
  out.copy_to_host(host);
  downloaded.record(stream);
  stream.synchronize();

  for (double x : host) {
    if (x != 3.0) throw std::runtime_error("wrong result");
  }
  const double kernel_ms = elapsed(uploaded, computed).count();
  std::printf("%lld x %lld x %lld doubles: to the device %.3f ms, kernel %.3f ms, to the host %.3f ms\n",
              static_cast<long long>(nz), static_cast<long long>(ny), static_cast<long long>(nx),
              static_cast<double>(elapsed(start, uploaded).count()), kernel_ms,
              static_cast<double>(elapsed(computed, downloaded).count()));
  std::printf("kernel: %.1f GB/s read and written\n", 2e-6 * static_cast<double>(in.bytes()) / kernel_ms);
}

int main() {
  if (!pl::cuda::available()) return std::printf("%s\n", pl::cuda::describe().c_str()), 1;
  std::printf("%s\n", pl::cuda::describe().c_str());
  for (pl::cuda::shape<3> extents = {1024, 1024, 512}; extents[0] > 0; extents[0] /= 2) {
    try {
      return add(extents), 0;
    } catch (const pl::cuda::cuda_error& e) {
      if (e.code() != cudaErrorMemoryAllocation) return std::printf("%s\n", e.what()), 1;
      std::printf("not enough memory for %lld planes, trying half as many\n", static_cast<long long>(extents[0]));
    }
  }
  return 1;
}
