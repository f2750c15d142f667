// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "loops.hpp"

namespace scan {

void run_serial(const double* x, double* y, long n) {
  double sum = 0;
  for (long i = 0; i < n; ++i) {
    sum += x[i];
    y[i] = sum;
  }
}

}  // namespace scan
