// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
//
// Estimates pi from random points: how many fall into the quarter circle? The random numbers are a function of the
// iteration, so pi has the same digits with any number of threads. The argument is the largest number of points.
//   g++ -std=c++20 -O3 -march=native -pthread -Iinclude examples/monte_carlo_pi.cpp -o monte_carlo_pi &&
//   ./monte_carlo_pi
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <parloop/parloop.hpp>

namespace pl = parloop;

// How many of the two points of iteration i are inside. (A lambda: through a function's pointer nothing is inlined.)
static constexpr auto inside = [](pl::index_t i) {
  const auto [x, y, u, v] = pl::uniform4(42, i);
  return (x * x + y * y < 1) + (u * u + v * v < 1);
};

static double estimate(pl::backend& b, pl::index_t n, double& seconds) {
  const auto start = std::chrono::steady_clock::now();
  const auto hits = pl::parallel_sum(b, pl::prange(n / 2), inside);
  seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return 4.0 * static_cast<double>(hits) / static_cast<double>(n);
}

int main(int argc, char** argv) {
  const double most = argc > 1 ? std::atof(argv[1]) : 1e9;
  if (!(most >= 2 && most <= 1e15)) return std::fprintf(stderr, "monte_carlo_pi: 2 to 1e15 points, please\n"), 2;
  pl::serial one;
  pl::thread_pool two({.threads = 2}), eight({.threads = 8});
  std::printf("%12s %14s %12s %12s %12s\n", "points", "pi", "serial", "2 threads", "8 threads");
  bool same = true;
  for (double points = most < 1e4 ? most : 1e4; points <= most;
       points = points * 10 > most && points < most ? most : points * 10) {
    const auto n = static_cast<pl::index_t>(points) / 2 * 2;
    double serial = 0, on_two = 0, on_eight = 0;
    const double pi = estimate(one, n, serial);
    same = same && estimate(two, n, on_two) == pi && estimate(eight, n, on_eight) == pi;
    std::printf("%12.0f %14.10f %10.6f s %10.6f s %10.6f s\n", points, pi, serial, on_two, on_eight);
  }
  std::printf(same ? "the same digits at 1, 2 and 8 threads\n" : "DIFFERENT digits\n");
  return same ? 0 : 1;
}
