// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// saxpy by rows: y[r][c] += a * x[r][c], rows shared out, written as a user of each library would.
#pragma once

namespace rows {

inline constexpr long count = 512;
inline constexpr long columns = 4096;

template <class Real>
struct matrices {
  const Real* x;
  Real* y;

  /// One row, serially.
  void row(Real a, long r) const {
    for (long c = r * columns; c < (r + 1) * columns; ++c) y[c] += a * x[c];
  }
};

void run_serial(matrices<float> m, float a);
void run_serial(matrices<double> m, double a);
void run_parloop(matrices<float> m, float a);
void run_parloop(matrices<double> m, double a);
// Null when the build found no such library.
[[gnu::weak]] void run_openmp(matrices<float> m, float a);
[[gnu::weak]] void run_openmp(matrices<double> m, double a);
[[gnu::weak]] void run_tbb(matrices<float> m, float a);
[[gnu::weak]] void run_tbb(matrices<double> m, double a);

}  // namespace rows
