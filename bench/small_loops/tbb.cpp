// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include "loops.hpp"

namespace small_loops {

void run_tbb(long n, long k) {
  tbb::parallel_for(tbb::blocked_range<long>(0, n),
                    [k](const tbb::blocked_range<long>& r) { chunk(r.begin(), r.end(), k); });
}

}  // namespace small_loops
