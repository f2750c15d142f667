// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <tbb/parallel_for.h>

#include "loops.hpp"

namespace fork_join {

void run_tbb(iteration i) {
  tbb::parallel_for(
      0L, 2L, [i](long k) { i(k); }, tbb::simple_partitioner());
}

}  // namespace fork_join
