// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <utility>

#include "loops.hpp"

namespace heat_2d {

double* run_serial(double* now, double* next, long n, int steps) {
  for (int step = 0; step < steps; ++step) {
    for (long y = 1; y <= n; ++y) row(now, next, n, y);
    std::swap(now, next);
  }
  return now;
}

}  // namespace heat_2d
