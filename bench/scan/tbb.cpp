// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <tbb/blocked_range.h>
#include <tbb/parallel_scan.h>

#include <functional>

#include "loops.hpp"

namespace scan {

void run_tbb(const double* x, double* y, long n) {
  tbb::parallel_scan(
      tbb::blocked_range<long>(0, n), 0.0,
      [=](const tbb::blocked_range<long>& r, double sum, bool is_final) {
        if (is_final) {
          for (long i = r.begin(); i != r.end(); ++i) {
            sum += x[i];
            y[i] = sum;
          }
        } else {
          for (long i = r.begin(); i != r.end(); ++i) sum += x[i];
        }
        return sum;
      },
      std::plus<>());
}

}  // namespace scan
