// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <memory>

#include "loops.hpp"

namespace first_touch {

double run_openmp(work what, const double* x, long n) {
  const std::unique_ptr<double[]> array(new double[static_cast<std::size_t>(n)]);
  double* const y = array.get();
  if (what == work::zeros) {
#pragma omp parallel for schedule(static)
    for (long i = 0; i < n; ++i) y[i] = 0;
  } else {
#pragma omp parallel for schedule(static)
    for (long i = 0; i < n; ++i) y[i] = x[i] + 2;
  }
  return spots(y, n);
}

}  // namespace first_touch
