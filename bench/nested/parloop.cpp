// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <parloop/parloop.hpp>

#include "loops.hpp"

namespace nested {

namespace pl = parloop;

// The backend is part of the lambdas' types: the library remembers the time of an iteration by the type of the body,
// and rivals must not learn from one another.
template <class Backend>
static void run_on(work w) {
  static Backend b;
  pl::parallel_for(b, pl::prange(w.outer), [w](pl::index_t i) {
    pl::parallel_for_chunks(b, pl::prange(w.inner),
                            [w, i](pl::index_t begin, pl::index_t end) { chunk(i, begin, end, w); });
  });
}

void run_thread_pool(work w) { run_on<pl::thread_pool>(w); }
void run_work_stealing(work w) { run_on<pl::work_stealing>(w); }

}  // namespace nested
