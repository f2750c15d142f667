// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <parloop/parloop.hpp>

#include "loops.hpp"

namespace mandelbrot {

namespace pl = parloop;

void run_parloop(image& of) {
  pl::parallel_for(pl::prange(of.edge), [&of](pl::index_t y) { rows(of, y, y + 1); });
}

void run_parloop_work_stealing(image& of) {
  static pl::work_stealing pool;
  pl::parallel_for(pool, pl::prange(of.edge), [&of](pl::index_t y) { rows(of, y, y + 1); });
}

}  // namespace mandelbrot
