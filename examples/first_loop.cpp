// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
//
// The program of the README: a loop, and a sum.
//   g++ -std=c++20 -O3 -pthread -Iinclude examples/first_loop.cpp -o first_loop && ./first_loop
#include <cstdio>
#include <parloop/parloop.hpp>
namespace pl = parloop;

int main() {
  const pl::index_t n = 10'000'000;
  const auto x = pl::make_array<double>(n, 1.0);
  auto y = pl::make_array<double>(n);
  pl::parallel_for(pl::prange(n), [&](pl::index_t i) { y[i] = x[i] + 2; });
  const double sum = pl::parallel_sum(pl::prange(n), [&](pl::index_t i) { return y[i]; });
  std::printf("%.0f, on up to %d threads\n", sum, pl::default_backend().width());
}
