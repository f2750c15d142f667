// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "loops.hpp"

namespace scan {

void run_openmp(const double* x, double* y, long n) {
  double sum = 0;
#pragma omp parallel for reduction(inscan, + : sum)
  for (long i = 0; i < n; ++i) {
    sum += x[i];
#pragma omp scan inclusive(sum)
    y[i] = sum;
  }
}

}  // namespace scan
