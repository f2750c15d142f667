// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <immintrin.h>

#include <atomic>
#include <thread>

#include "loops.hpp"

namespace fork_join {

namespace {

// The word that both poll: even, nothing to do; odd, the second iteration is the partner's.
struct alignas(64) shared {
  std::atomic<unsigned> turn{0};
  std::atomic<bool> stop{false};
  iteration i = nullptr;
} line;

std::thread partner;

void serve() {
  while (!line.stop.load(std::memory_order_relaxed)) {
    const unsigned turn = line.turn.load(std::memory_order_acquire);
    if (turn % 2 == 0) {
      _mm_pause();
      continue;
    }
    line.i(1);
    line.turn.store(turn + 1, std::memory_order_release);
  }
}

}  // namespace

void run_spin_limit(iteration i) {
  line.i = i;
  const unsigned turn = line.turn.load(std::memory_order_relaxed);
  line.turn.store(turn + 1, std::memory_order_release);
  i(0);
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

}  // namespace fork_join
