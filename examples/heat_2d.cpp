// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
//
// Heat in a square plate whose edges are kept at 0: du/dt = d2u/dx2 + d2u/dy2, by a 5-point stencil. What starts as
// sin(pi x) sin(pi y) keeps its form and decays as exp(-2 pi^2 t). Arguments: points along an edge, steps.
//   g++ -std=c++20 -O3 -march=native -pthread -Iinclude examples/heat_2d.cpp -o heat_2d && ./heat_2d 2048 100
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numbers>
#include <parloop/parloop.hpp>
#include <vector>

namespace pl = parloop;

int main(int argc, char** argv) {
  const pl::index_t n = argc > 1 ? std::atol(argv[1]) : 2048;
  const pl::index_t steps = argc > 2 ? std::atol(argv[2]) : 100;
  if (n < 1 || n > 30'000 || steps < 0) return std::fprintf(stderr, "heat_2d [points] [steps]\n"), 2;
  const double h = 1.0 / static_cast<double>(n + 1);  // the edges are one step outside
  const double dt = 0.2 * h * h;                      // stable below 0.25 h^2
  const auto size = static_cast<std::size_t>(n * n);
  std::vector<double> a(size), b(size);
  const pl::view now(a.data(), n, n), next(b.data(), n, n);
  const auto start = [h](pl::index_t y, pl::index_t x) {
    return std::sin(std::numbers::pi * h * static_cast<double>(y + 1)) *
           std::sin(std::numbers::pi * h * static_cast<double>(x + 1));
  };
  pl::parallel_for(pl::grid(n, n), [=](pl::index_t y, pl::index_t x) { now(y, x) = start(y, x); });

  const auto begin = std::chrono::steady_clock::now();
  const auto heat = [](auto at) {
    return at(0, 0) + 0.2 * (at(-1, 0) + at(1, 0) + at(0, -1) + at(0, 1) - 4 * at(0, 0));
  };
  const auto result = pl::stencil_steps(now, next, steps, heat, pl::border::constant(0.0));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();

  const double decay = std::exp(-2 * std::numbers::pi * std::numbers::pi * dt * static_cast<double>(steps));
  const double error = pl::parallel_max(
      pl::grid(n, n), [=](pl::index_t y, pl::index_t x) { return std::abs(result(y, x) - decay * start(y, x)); });
  // The scheme's error: dt/2 d2u/dt2 - h^2/12 (d4u/dx4 + d4u/dy4) accumulates to less than t (2 pi^4 dt + pi^4 h^2 /
  // 6).
  const double t = dt * static_cast<double>(steps);
  const double limit =
      t * std::pow(std::numbers::pi, 4) * (2 * dt + h * h / 6) + 1e-13 * static_cast<double>(steps + 1);
  std::printf("%ld x %ld points, %ld steps: %.3f s, largest error %.2e, allowed %.2e\n", static_cast<long>(n),
              static_cast<long>(n), static_cast<long>(steps), seconds, error, limit);
  return error <= limit ? 0 : 1;
}
