// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <parloop/parloop.hpp>

#include "loops.hpp"

namespace array_add {

namespace pl = parloop;

void run_parloop(const double* x, double* y, double addend, long n) {
  pl::parallel_for(pl::prange(n), [=](pl::index_t i) { y[i] = x[i] + addend; });
}

}  // namespace array_add
