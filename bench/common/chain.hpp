// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Work of a chosen length: a chain of dependent multiplications that no compiler shortens.
#pragma once

#include <algorithm>
#include <cmath>

#include "timing.hpp"

namespace bench {

/// `length` steps of some 1.5 ns each.
[[gnu::noinline]] inline unsigned long chain(long length, unsigned long x) {
  for (long j = 0; j < length; ++j) {
    x = x * 6364136223846793005UL + 1442695040888963407UL;
    asm volatile("" : "+r"(x));
  }
  return x;
}

/// The chain length with which `loop(length)`, a whole loop whose time grows with the length, takes `seconds`.
/// Calibrated on the whole loop, so that calls and stores are included.
template <class Loop>
long calibrate(double seconds, double steps_per_length, const Loop& loop) {
  constexpr double step = 1.5e-9;  // s, a first guess
  constexpr int corrections = 6;
  constexpr double sample = 3e-3;  // s
  const auto at_least_1 = [](double length) { return std::max(1L, std::lround(length)); };
  long length = at_least_1(seconds / steps_per_length / step);
  const int loops = std::clamp(static_cast<int>(sample / seconds), 1, 3000);
  for (int i = 0; i < corrections; ++i) {
    double times[5];
    for (double& t : times) {
      const double start = wall();
      for (int l = 0; l < loops; ++l) loop(length);
      t = (wall() - start) / loops;
    }
    std::sort(std::begin(times), std::end(times));
    length = at_least_1(static_cast<double>(length) * seconds / times[1]);
  }
  return length;
}

}  // namespace bench
