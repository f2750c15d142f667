// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Which process this is, counted in forks: threads do not survive a fork, so what holds threads compares. For whatever
/// owns threads.
#pragma once

#include <cstdint>

#include "atomic.hpp"

#if __has_include(<pthread.h>)
#include <pthread.h>
#endif

namespace parloop::inline v0::detail {

/// Forks between the process in which the first thread was made and this one. Relaxed everywhere: it changes only in a
/// forked child, before its one thread returns from fork.
inline constinit atomic<std::uint32_t> fork_generation{0};

/// Starts counting; to be called before the first thread is made. Calling it again does nothing.
inline void count_forks() noexcept {
#if __has_include(<pthread.h>) && !defined(_WIN32)
  static constinit atomic<bool> counting{false};
  if (!counting.exchange(true, memory_order_relaxed)) {
    ::pthread_atfork(nullptr, nullptr, [] { fork_generation.fetch_add(1, memory_order_relaxed); });
  }
#endif
}

}  // namespace parloop::inline v0::detail
