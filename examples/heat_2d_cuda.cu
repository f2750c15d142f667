// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Heat spreading in a square plate whose upper edge is kept at 1, on the GPU: two arrays that swap roles.
/// nvcc -std=c++20 --extended-lambda -Iinclude examples/heat_2d_cuda.cu -o heat_2d
/// Arguments: points along an edge (1000 by default) and steps (500).
#include <cstdio>
#include <cstdlib>
#include <parloop/cuda.cuh>
#include <utility>

namespace pl = parloop;

int main(int argc, char** argv) {
  if (!pl::cuda::available()) return std::printf("%s\n", pl::cuda::describe().c_str()), 1;
  const pl::index_t n = argc > 1 ? std::atoll(argv[1]) : 1000;
  const int steps = argc > 2 ? std::atoi(argv[2]) : 500;
  pl::cuda::stream stream;
  pl::cuda::device_array<double, 2> now(stream, {n, n});
  auto next = pl::cuda::device_array_like(now);
  for (auto* plate : {&now, &next}) {
    pl::cuda::fill(stream, *plate, 0.0);
    pl::cuda::fill(stream, plate->view().flat().part(0, n), 1.0);  // row 0, the upper edge
  }

  const auto inside = pl::grid(pl::prange(1, n - 1), pl::prange(1, n - 1));
  for (int step = 0; step < steps; ++step) {
    const auto t = std::as_const(now).view();
    const auto u = next.view();
    pl::cuda::parallel_for(stream, inside, [t, u] __device__(pl::index_t y, pl::index_t x) {
      u(y, x) = 0.25 * (t(y - 1, x) + t(y + 1, x) + t(y, x - 1) + t(y, x + 1));
    });
    std::swap(now, next);
  }

  const auto plate = now.copy_to_host();  // waits for all steps
  std::printf("%lld x %lld points, %d steps; temperatures down the middle:", static_cast<long long>(n),
              static_cast<long long>(n), steps);
  double above = 1.0;
  bool falls = true;
  for (pl::index_t y = 0; y < n; y += (n + 7) / 8) {
    const double t = plate[static_cast<std::size_t>(y * n + n / 2)];
    falls = falls && t <= above && t >= 0.0;
    above = t;
    std::printf(" %.4f", t);
  }
  std::printf("\n");
  return falls ? 0 : 1;
}
