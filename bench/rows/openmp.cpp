// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "loops.hpp"

namespace rows {

template <class Real>
static void run(matrices<Real> m, Real a) {
#pragma omp parallel for schedule(static)
  for (long r = 0; r < count; ++r) m.row(a, r);
}

void run_openmp(matrices<float> m, float a) { run(m, a); }
void run_openmp(matrices<double> m, double a) { run(m, a); }

}  // namespace rows
