// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <tbb/blocked_range.h>
#include <tbb/parallel_reduce.h>

#include <functional>

#include "loops.hpp"

namespace reduce {

double run_tbb(const double* x, long n) {
  return tbb::parallel_deterministic_reduce(
      tbb::blocked_range<long>(0, n, 10'000), 0.0,
      [=](const tbb::blocked_range<long>& r, double sum) {
        for (long i = r.begin(); i != r.end(); ++i) sum += x[i];
        return sum;
      },
      std::plus<>());
}

}  // namespace reduce
