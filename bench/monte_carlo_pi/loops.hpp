// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How many of n random points fall into the quarter circle. All but Numba use the same random numbers: two points from
/// each iteration's.
#pragma once

#include <parloop/random.hpp>

namespace monte_carlo_pi {

/// Of the two points of one iteration.
inline constexpr auto hits = [](long i) {
  const auto [x, y, u, v] = parloop::uniform4(42, i);
  return (x * x + y * y < 1) + (u * u + v * v < 1);
};

// n is even.
long run_serial(long n);
long run_parloop(long n);
// Null when the build found no such library.
[[gnu::weak]] long run_openmp(long n);
[[gnu::weak]] long run_tbb(long n);

}  // namespace monte_carlo_pi
