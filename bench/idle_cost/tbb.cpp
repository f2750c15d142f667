// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include "loops.hpp"

namespace idle_cost {

void run_tbb(long n, chunk c) {
  tbb::parallel_for(tbb::blocked_range<long>(0, n), [c](const tbb::blocked_range<long>& r) { c(r.begin(), r.end()); });
}

}  // namespace idle_cost
