// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Which CPU a thread runs on, so that none spins on one that whom it waits for needs. For detail/team/job_slots.hpp
/// and detail/team/door.hpp.
#pragma once

#include <cstdint>

#include "atomic.hpp"

#if defined(__linux__) && !defined(PARLOOP_PORTABLE)
#include <sched.h>
#elif defined(_WIN32) && !defined(PARLOOP_PORTABLE)
#include "windows.hpp"
#elif defined(__APPLE__) && !defined(PARLOOP_PORTABLE)
#include <sched.h>
#endif

namespace parloop::inline v0_2::detail {

/// The CPU that a thread was on when it said so: a hint, so relaxed throughout. Some nanoseconds with glibc 2.35 or
/// newer, which reads it from memory; under Windows within the processor group; never known elsewhere.
class cpu_of_thread {
 public:
#if defined(__linux__) && !defined(PARLOOP_PORTABLE)
  void note_here() noexcept { number_.store(static_cast<std::int16_t>(::sched_getcpu()), memory_order_relaxed); }
  [[nodiscard]] bool is_here() const noexcept {
    const int number = number_.load(memory_order_relaxed);
    return number >= 0 && number == ::sched_getcpu();
  }

 private:
  atomic<std::int16_t> number_{-1};  // small, for the cache lines that it is part of
#elif defined(_WIN32) && !defined(PARLOOP_PORTABLE)
  void note_here() noexcept { number_.store(here(), memory_order_relaxed); }
  [[nodiscard]] bool is_here() const noexcept { return number_.load(memory_order_relaxed) == here(); }

 private:
  static std::int16_t here() noexcept { return static_cast<std::int16_t>(windows::GetCurrentProcessorNumber()); }
  atomic<std::int16_t> number_{-1};
#else
  void note_here() noexcept {}
  [[nodiscard]] bool is_here() const noexcept { return false; }
#endif
};

/// Lets another thread have this CPU first, if one wants it.
inline void yield_cpu() noexcept {
#if defined(__linux__) && !defined(PARLOOP_PORTABLE)
  ::sched_yield();
#elif defined(_WIN32) && !defined(PARLOOP_PORTABLE)
  windows::SwitchToThread();
#elif defined(__APPLE__) && !defined(PARLOOP_PORTABLE)
  ::sched_yield();
#endif
}

}  // namespace parloop::inline v0_2::detail
