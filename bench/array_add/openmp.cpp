// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "loops.hpp"

namespace array_add {

void run_openmp(const arrays& on) {
  const double* const x = on.x;
  const double* const z = on.z;
  double* const y = on.y;
  const double a = on.a;
  const long n = on.n;
  switch (on.what) {
    case work::add:
#pragma omp parallel for schedule(static)
      for (long i = 0; i < n; ++i) y[i] = x[i] + a;
      break;
    case work::copy:
#pragma omp parallel for schedule(static)
      for (long i = 0; i < n; ++i) y[i] = x[i];
      break;
    case work::axpy:
#pragma omp parallel for schedule(static)
      for (long i = 0; i < n; ++i) y[i] = a * x[i] + z[i];
  }
}

}  // namespace array_add
