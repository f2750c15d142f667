// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <parloop/parloop.hpp>

#include "loops.hpp"

namespace triangle {

namespace pl = parloop;

void run_parloop(work w) {
  pl::parallel_for_chunks(pl::prange(iterations), [w](pl::index_t begin, pl::index_t end) { chunk(begin, end, w); });
}

// The caller is part of the lambda's type: the library remembers the time of an iteration by the type of the body, and
// rivals must not learn from one another.
template <void (*Caller)(work)>
static void run_on(const char* name, work w) {
  static const auto b = pl::make_backend(name);
  pl::parallel_for_chunks(*b, pl::prange(iterations),
                          [w](pl::index_t begin, pl::index_t end) { chunk(begin, end, w); });
}
void run_parloop_work_stealing(work w) { run_on<run_parloop_work_stealing>("work_stealing", w); }
void run_parloop_workqueue(work w) { run_on<run_parloop_workqueue>("workqueue", w); }
void run_parloop_openmp(work w) { run_on<run_parloop_openmp>("openmp", w); }
void run_parloop_tbb(work w) { run_on<run_parloop_tbb>("tbb", w); }

}  // namespace triangle
