// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A new array, of zeros or of x[i] + 2, from its allocation to its end, written as a user of each library would.
#pragma once

namespace first_touch {

enum class work { zeros, add };

/// Elements from all over the array: looking at all would take as long as making it.
inline double spots(const double* y, long n) {
  double sum = 0;
  for (long k = 1; k <= 1000; ++k) sum += y[n / 1000 * k - 1];
  return sum;
}

// All return the new array's spots.
double run_serial(work what, const double* x, long n);
double run_parloop(work what, const double* x, long n);
// Null when the build found no such library.
[[gnu::weak]] double run_openmp(work what, const double* x, long n);
[[gnu::weak]] double run_tbb(work what, const double* x, long n);

}  // namespace first_touch
