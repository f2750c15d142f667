// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Pi by throwing darts on the GPU: a reduction over a range, with random numbers computed from the dart's index; the
/// CPU side's uniform2 gives the same.
/// nvcc -std=c++20 --extended-lambda -Iinclude examples/monte_carlo_pi_cuda.cu -o monte_carlo_pi
/// Argument: the number of darts, 100 million by default.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <parloop/cuda/reduce.cuh>
#include <parloop/random.hpp>

namespace pl = parloop;

int main(int argc, char** argv) {
  if (!pl::cuda::available()) return std::printf("%s\n", pl::cuda::describe().c_str()), 1;
  const pl::index_t darts = argc > 1 ? std::atoll(argv[1]) : 100'000'000;
  pl::cuda::stream stream;
  const auto add = [] __device__(pl::index_t a, pl::index_t b) { return a + b; };
  const std::uint64_t seed = 1;
  const auto hit = [seed] __device__(pl::index_t i) {
    const auto [x, y] = pl::uniform2(seed, i);
    return pl::index_t{x * x + y * y < 1};
  };
  const auto hits = pl::cuda::parallel_reduce(stream, pl::prange(darts), pl::index_t{0}, add, hit);
  const double pi = 4.0 * static_cast<double>(hits) / static_cast<double>(darts);
  std::printf("%lld darts: pi is about %.6f\n", static_cast<long long>(darts), pi);
  // The standard error of 4 * hits / darts is 1.64 / sqrt(darts); six of them.
  return std::abs(pi - 3.141592653589793) < 9.9 / std::sqrt(static_cast<double>(darts)) ? 0 : 1;
}
