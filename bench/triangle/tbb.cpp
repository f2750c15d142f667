// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include "loops.hpp"

namespace triangle {

void run_tbb(work w) {
  tbb::parallel_for(tbb::blocked_range<long>(0, iterations),
                    [w](const tbb::blocked_range<long>& r) { chunk(r.begin(), r.end(), w); });
}

}  // namespace triangle
