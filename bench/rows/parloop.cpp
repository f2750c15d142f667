// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <parloop/parloop.hpp>

#include "loops.hpp"

namespace rows {

namespace pl = parloop;

template <class Real>
static void run(matrices<Real> m, Real a) {
  pl::parallel_for(pl::prange(count), [=](pl::index_t r) { m.row(a, r); });
}

void run_parloop(matrices<float> m, float a) { run(m, a); }
void run_parloop(matrices<double> m, double a) { run(m, a); }

}  // namespace rows
