// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <immintrin.h>

#include <atomic>
#include <thread>

#include "loops.hpp"

namespace small_loops {

namespace {

// The word that both poll: even, nothing to do; odd, the second half is the partner's. What it has to do travels in the
// same cache line.
struct alignas(64) shared {
  std::atomic<unsigned> turn{0};
  std::atomic<bool> stop{false};
  long n = 0;
  long k = 0;
} line;

std::thread partner;

void serve() {
  while (!line.stop.load(std::memory_order_relaxed)) {
    const unsigned turn = line.turn.load(std::memory_order_acquire);
    if (turn % 2 == 0) {
      _mm_pause();
      continue;
    }
    chunk(line.n / 2, line.n, line.k);
    line.turn.store(turn + 1, std::memory_order_release);
  }
}

}  // namespace

void run_spin_limit(long n, long k) {
  line.n = n;
  line.k = k;
  const unsigned turn = line.turn.load(std::memory_order_relaxed);
  line.turn.store(turn + 1, std::memory_order_release);
  chunk(0, n / 2, k);
  while (line.turn.load(std::memory_order_acquire) != turn + 2) _mm_pause();
}

void keep_spin_limit_spinning(bool on) {
  line.stop.store(!on);
  if (on) {
    partner = std::thread(serve);
  } else {
    partner.join();
  }
}

}  // namespace small_loops
