// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <parloop/parloop.hpp>

#include "loops.hpp"

namespace fork_join {

namespace pl = parloop;

void run_parloop(iteration i) {
  pl::parallel_for(pl::prange(2), [i](pl::index_t k) { i(k); });
}

static void share(pl::backend& b, iteration i, double gap) {
  pl::loop work;
  work.n = 2;
  work.next = std::chrono::nanoseconds(static_cast<long>(gap * 1e9));
  work.chunk = {[](void* body, pl::index_t begin, pl::index_t end) noexcept {
                  for (pl::index_t k = begin; k < end; ++k) (*static_cast<iteration*>(body))(k);
                },
                &i};
  b.run(work);
}

void run_thread_pool(iteration i, double gap) { share(pl::default_backend(), i, gap); }

void run_park(iteration i, double gap) {
  static pl::thread_pool pool{{.idle = pl::idle::park()}};
  share(pool, i, gap);
}

static pl::thread_pool& spinning_pool() {
  static pl::thread_pool pool{{.idle = pl::idle::park()}};
  return pool;
}
void run_spin(iteration i, double gap) { share(spinning_pool(), i, gap); }
void keep_spinning(bool on) { spinning_pool().set_idle(on ? pl::idle::spin() : pl::idle::park()); }

template <void (*Caller)(iteration, double)>
static void share_on(const char* name, iteration i, double gap) {
  static const auto b = pl::make_backend(name);
  share(*b, i, gap);
}
void run_work_stealing(iteration i, double gap) { share_on<run_work_stealing>("work_stealing", i, gap); }
void run_workqueue(iteration i, double gap) { share_on<run_workqueue>("workqueue", i, gap); }
void run_on_openmp(iteration i, double gap) { share_on<run_on_openmp>("openmp", i, gap); }
void run_on_tbb(iteration i, double gap) { share_on<run_on_tbb>("tbb", i, gap); }

}  // namespace fork_join
