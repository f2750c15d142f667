// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <parloop/parloop.hpp>

#include "loops.hpp"

namespace reduce {

double run_parloop(const double* x, long n) {
  return parloop::parallel_sum(parloop::prange(n), [=](long i) { return x[i]; });
}

}  // namespace reduce
