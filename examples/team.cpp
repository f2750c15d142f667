// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
// Red-black Gauss-Seidel for the Laplace equation: two short loops a sweep, each of which needs all of the one before.
// In a team each costs a barrier instead of the begin and the end of a loop.
//
//   c++ -std=c++20 -O2 -pthread -I include examples/team.cpp -o team && ./team
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <parloop/parloop.hpp>
#include <vector>

namespace pl = parloop;

constexpr pl::index_t n = 64;  // with the borders

static double average_of_neighbours(pl::view<double, 2> u, pl::index_t y, pl::index_t x) {
  return (u(y - 1, x) + u(y + 1, x) + u(y, x - 1) + u(y, x + 1)) / 4;
}

/// One colour of one row; returns the square of what has changed.
static double relax(pl::view<double, 2> u, pl::index_t y, pl::index_t colour) {
  double change = 0;
  for (pl::index_t x = 1 + (y + colour) % 2; x < n - 1; x += 2) {
    const double old = u(y, x);
    u(y, x) = old + 1.9 * (average_of_neighbours(u, y, x) - old);
    change += (u(y, x) - old) * (u(y, x) - old);
  }
  return change;
}

int main(int argc, char** argv) {
  const int members = argc > 1 ? std::atoi(argv[1]) : 0;  // 0: as many as there are CPUs
  std::vector<double> values(n * n, 0.0);
  const pl::view u(values.data(), n, n);
  for (pl::index_t x = 0; x < n; ++x) u(0, x) = 1;  // the upper border
  int sweeps = 0;
  const auto start = std::chrono::steady_clock::now();

  pl::team(members, [&](pl::member& me) {
    const auto rows = pl::prange(1, n - 1);
    double change = 1;
    while (change > 1e-12) {
      change = 0;
      for (const pl::index_t colour : {0, 1}) {  // every row reads its neighbours' other colour
        change += me.reduce(rows, 0.0, std::plus<>(), [&](pl::index_t y) { return relax(u, y, colour); });
      }
      me.single([&] { ++sweeps; }, pl::nowait);  // reduce has a barrier
    }
  });

  const std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - start;
  std::printf("%d sweeps, %.1f us each, %.6f in the middle\n", sweeps, time.count() / sweeps, u(n / 2, n / 2));
  return std::abs(u(n / 2, n / 2) - 0.25) < 0.02 ? 0 : 1;
}
