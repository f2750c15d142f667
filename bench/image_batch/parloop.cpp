// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <parloop/parloop.hpp>

#include "loops.hpp"

namespace image_batch {

namespace pl = parloop;

batch run_parloop(const batch& in) { return pl::parallel_map(in, blurred); }

batch run_parloop_work_stealing(const batch& in) {
  static pl::work_stealing pool;
  return pl::parallel_map(pool, in, blurred);
}

}  // namespace image_batch
