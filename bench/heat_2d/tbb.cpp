// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <utility>

#include "loops.hpp"

namespace heat_2d {

double* run_tbb(double* now, double* next, long n, int steps) {
  for (int step = 0; step < steps; ++step) {
    tbb::parallel_for(tbb::blocked_range<long>(1, n + 1), [=](const tbb::blocked_range<long>& r) {
      for (long y = r.begin(); y != r.end(); ++y) row(now, next, n, y);
    });
    std::swap(now, next);
  }
  return now;
}

}  // namespace heat_2d
