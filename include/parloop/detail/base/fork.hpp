// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Which process this is, counted in forks: threads do not survive a fork, so what holds threads compares. For whatever
/// owns threads.
#pragma once

#include <cstdint>

#include "atomic.hpp"

#if __has_include(<pthread.h>) && !defined(_WIN32) && !defined(PARLOOP_PORTABLE)
#include <pthread.h>
#endif

namespace parloop::inline v0_2::detail {

/// Differs in each process from those that it was forked from, as of when the first thread was made. Relaxed
/// everywhere: it changes only in a forked child, before its one thread returns from fork.
inline constinit atomic<std::uint32_t> fork_generation{0};

/// Starts counting; to be called before the first thread is made. Calling it again does nothing.
inline void count_forks() noexcept {
#if __has_include(<pthread.h>) && !defined(_WIN32) && !defined(PARLOOP_PORTABLE)
  static constinit atomic<bool> counting{false};
  // Release and acquire: who finds it true forks with the handler. Of two that come at once both register one, which
  // counts by two and does no harm; if one left it to the other, a fork in between would not be noticed.
  if (!counting.load(memory_order_acquire)) {
    ::pthread_atfork(nullptr, nullptr, [] { fork_generation.fetch_add(1, memory_order_relaxed); });
    counting.store(true, memory_order_release);
  }
#endif
}

}  // namespace parloop::inline v0_2::detail
