// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <tbb/blocked_range.h>
#include <tbb/parallel_reduce.h>

#include <functional>

#include "loops.hpp"

namespace monte_carlo_pi {

long run_tbb(long n) {
  return tbb::parallel_reduce(
      tbb::blocked_range<long>(0, n / 2), 0L,
      [](const tbb::blocked_range<long>& r, long sum) {
        for (long i = r.begin(); i != r.end(); ++i) sum += hits(i);
        return sum;
      },
      std::plus<>());
}

}  // namespace monte_carlo_pi
