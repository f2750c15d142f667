// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <parloop/parloop.hpp>

#include "loops.hpp"

namespace idle_cost {

namespace pl = parloop;

void run_parloop(long n, chunk c) {
  pl::parallel_for_chunks(pl::prange(n), [c](pl::index_t begin, pl::index_t end) { c(begin, end); });
}

}  // namespace idle_cost
