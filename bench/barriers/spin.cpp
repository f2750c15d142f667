// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What waiting can give: threads that poll for ever. Once as a barrier, once as a fork and a join for each loop, which
/// is how ForkUnion works.
#include <immintrin.h>

#include <atomic>
#include <thread>
#include <vector>

#include "loops.hpp"

namespace barriers {

template <class Body>
static void on_threads(long count, const Body& body) {
  std::vector<std::thread> threads;
  for (long k = 1; k < count; ++k) threads.emplace_back([&body, k] { body(k); });
  body(0);
  for (std::thread& t : threads) t.join();
}

static void share(long loop, long k, work w) {
  some_cells(loop, cells * k / w.threads, cells * (k + 1) / w.threads, w.steps);
}

void run_spin_barrier(work w) {
  struct alignas(64) {
    std::atomic<long> came{0};
    std::atomic<long> passed{0};
  } barrier;
  on_threads(w.threads, [&barrier, w](long k) {
    for (long loop = 0; loop < w.loops; ++loop) {
      share(loop, k, w);
      if (barrier.came.fetch_add(1, std::memory_order_acq_rel) + 1 == w.threads) {
        barrier.came.store(0, std::memory_order_relaxed);
        barrier.passed.store(loop + 1, std::memory_order_release);
      } else {
        while (barrier.passed.load(std::memory_order_acquire) <= loop) _mm_pause();
      }
    }
  });
}

void run_spin_fork(work w) {
  struct alignas(64) {
    std::atomic<long> value{0};
  } begun, left;
  on_threads(w.threads, [&begun, &left, w](long k) {
    for (long loop = 0; loop < w.loops; ++loop) {
      if (k == 0) {
        left.value.store(w.threads - 1, std::memory_order_relaxed);
        begun.value.store(loop + 1, std::memory_order_release);
      } else {
        while (begun.value.load(std::memory_order_acquire) <= loop) _mm_pause();
      }
      share(loop, k, w);
      if (k == 0) {
        while (left.value.load(std::memory_order_acquire) > 0) _mm_pause();
      } else {
        left.value.fetch_sub(1, std::memory_order_acq_rel);
      }
    }
  });
}

}  // namespace barriers
