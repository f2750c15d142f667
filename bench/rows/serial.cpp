// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "loops.hpp"

namespace rows {

template <class Real>
static void run(matrices<Real> m, Real a) {
  for (long r = 0; r < count; ++r) m.row(a, r);
}

void run_serial(matrices<float> m, float a) { run(m, a); }
void run_serial(matrices<double> m, double a) { run(m, a); }

}  // namespace rows
