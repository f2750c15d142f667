// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include "loops.hpp"

namespace array_add {

void run_tbb(const double* x, double* y, double addend, long n) {
  tbb::parallel_for(tbb::blocked_range<long>(0, n), [=](const tbb::blocked_range<long>& r) {
    for (long i = r.begin(); i != r.end(); ++i) y[i] = x[i] + addend;
  });
}

}  // namespace array_add
