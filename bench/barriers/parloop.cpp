// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <parloop/parloop.hpp>

#include "loops.hpp"

namespace barriers {

namespace pl = parloop;

static void run_team_on(pl::backend& b, work w) {
  pl::team(b, static_cast<int>(w.threads), [w](pl::member& me) {
    for (long loop = 0; loop < w.loops; ++loop) {
      me.for_each_chunk(pl::prange(cells),
                        [&](pl::index_t begin, pl::index_t end) { some_cells(loop, begin, end, w.steps); });
    }
  });
}

void run_team(work w) { run_team_on(pl::default_backend(), w); }

void run_team_park(work w) {
  static pl::thread_pool pool({.idle = pl::idle::park()});
  run_team_on(pool, w);
}

void run_parallel_for(work w) {
  for (long loop = 0; loop < w.loops; ++loop) {
    pl::parallel_for_chunks(pl::prange(cells),
                            [&](pl::index_t begin, pl::index_t end) { some_cells(loop, begin, end, w.steps); });
  }
}

}  // namespace barriers
