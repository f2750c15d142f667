// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <tbb/parallel_for.h>

#include "loops.hpp"

namespace rows {

template <class Real>
static void run(matrices<Real> m, Real a) {
  tbb::parallel_for(0L, count, [=](long r) { m.row(a, r); });
}

void run_tbb(matrices<float> m, float a) { run(m, a); }
void run_tbb(matrices<double> m, double a) { run(m, a); }

}  // namespace rows
