// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include "loops.hpp"

namespace nested {

void run_tbb(work w) {
  tbb::parallel_for(0L, w.outer, [w](long i) {
    tbb::parallel_for(tbb::blocked_range<long>(0, w.inner),
                      [w, i](const tbb::blocked_range<long>& r) { chunk(i, r.begin(), r.end(), w); });
  });
}

}  // namespace nested
