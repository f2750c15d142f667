// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <parloop/parloop.hpp>

#include "loops.hpp"

namespace small_loops {

namespace pl = parloop;

void run_parloop(long n, long k) {
  pl::parallel_for_chunks(pl::prange(n), [k](long begin, long end) { chunk(begin, end, k); });
}

// Each pool has its own lambda: the library remembers the time of an iteration by the type of the body, and rivals must
// not learn from one another.

void run_parloop_park(long n, long k) {
  static pl::thread_pool pool{{.idle = pl::idle::park()}};
  pl::parallel_for_chunks(pool, pl::prange(n), [k](long begin, long end) { chunk(begin, end, k); });
}

static pl::thread_pool& spinning_pool() {
  static pl::thread_pool pool{{.idle = pl::idle::park()}};
  return pool;
}
void run_parloop_spin(long n, long k) {
  pl::parallel_for_chunks(spinning_pool(), pl::prange(n), [k](long begin, long end) { chunk(begin, end, k); });
}
void keep_parloop_spinning(bool on) { spinning_pool().set_idle(on ? pl::idle::spin() : pl::idle::park()); }

void run_parloop_2_threads(long n, long k) {
  static pl::thread_pool pool{{.threads = 2}};
  pl::parallel_for_chunks(pool, pl::prange(n), [k](long begin, long end) { chunk(begin, end, k); });
}

void run_parloop_8_threads(long n, long k) {
  static pl::thread_pool pool{{.threads = 8}};
  pl::parallel_for_chunks(pool, pl::prange(n), [k](long begin, long end) { chunk(begin, end, k); });
}

template <void (*Caller)(long, long)>
static void run_on(const char* name, long n, long k) {
  static const auto b = pl::make_backend(name);
  pl::parallel_for_chunks(*b, pl::prange(n), [k](long begin, long end) { chunk(begin, end, k); });
}
void run_parloop_work_stealing(long n, long k) { run_on<run_parloop_work_stealing>("work_stealing", n, k); }
void run_parloop_workqueue(long n, long k) { run_on<run_parloop_workqueue>("workqueue", n, k); }
void run_parloop_openmp(long n, long k) { run_on<run_parloop_openmp>("openmp", n, k); }
void run_parloop_tbb(long n, long k) { run_on<run_parloop_tbb>("tbb", n, k); }

int parloop_width() { return pl::default_backend().width(); }

}  // namespace small_loops
