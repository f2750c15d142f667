// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The same addition twice: by the kernel that one writes first, a thread per x with loops over z and y, 16 threads to
/// a block, and by transform. x is the contiguous index. Prints the time of each, by events.
/// nvcc -std=c++20 --extended-lambda -Iinclude examples/array_add_numba_style.cu -o array_add_numba_style
/// Arguments: nz, ny, nx; 256 x 1024 x 512 by default.
#include <cstdio>
#include <cstdlib>
#include <parloop/cuda.cuh>
#include <vector>

namespace pl = parloop;

__global__ void thread_per_x(double* out, const double* in, pl::index_t nz, pl::index_t ny, pl::index_t nx) {
  const pl::index_t x = pl::index_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (x >= nx) return;
  for (pl::index_t z = 0; z < nz; ++z) {
    for (pl::index_t y = 0; y < ny; ++y) out[(z * ny + y) * nx + x] = in[(z * ny + y) * nx + x] + 2;
  }
}

int main(int argc, char** argv) {
  if (!pl::cuda::available()) return std::printf("%s\n", pl::cuda::describe().c_str()), 1;
  const auto argument = [&](int i, pl::index_t otherwise) { return argc > i ? std::atoll(argv[i]) : otherwise; };
  const pl::cuda::shape<3> extents = {argument(1, 256), argument(2, 1024), argument(3, 512)};
  const auto [nz, ny, nx] = extents;
  pl::cuda::stream stream;
  pl::cuda::device_array<double, 3> in(stream, extents);
  auto out = pl::cuda::device_array_like(in);
  bool right = true;
  const auto timed = [&](const char* name, auto launch) {
    pl::cuda::event start, stop;
    for (int round = 0; round < 2; ++round) {  // the first round loads the kernel
      pl::cuda::fill(stream, in, 1.0);
      pl::cuda::fill(stream, out, 0.0);
      start.record(stream);
      launch();
      stop.record(stream);
    }
    const double ms = elapsed(start, stop).count();
    std::printf("%-14s %9.3f ms %9.1f GB/s\n", name, ms, 2e-6 * static_cast<double>(in.bytes()) / ms);
    for (double x : out.copy_to_host()) right = right && x == 3.0;
  };
  timed("thread per x", [&] {
    const auto blocks = static_cast<unsigned>((nx + 15) / 16);
    thread_per_x<<<blocks, 16, 0, stream.get()>>>(out.data(), in.data(), nz, ny, nx);
  });
  timed("transform", [&] { pl::cuda::transform(stream, in, out, [] __device__(double x) { return x + 2; }); });
  return right ? 0 : 1;
}
