// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <parloop/parloop.hpp>

#include "loops.hpp"

namespace triangle {

namespace pl = parloop;

void run_parloop(work w) {
  pl::parallel_for_chunks(pl::prange(iterations), [w](pl::index_t begin, pl::index_t end) { chunk(begin, end, w); });
}

}  // namespace triangle
