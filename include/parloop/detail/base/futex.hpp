// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Sleeping and waking threads: the operating system's wait on a 32-bit word, and a semaphore made of it. For
/// detail/team/team.hpp.
///
/// The protocol, which every system's calls follow. A sleeper calls wait_on(word, expected): the word is compared with
/// `expected` and the thread falls asleep in one step, as seen by those who wake. A waker changes the word first, then
/// calls wake_one(word). So a sleeper that compares before the change is asleep when the waker comes, and is woken; one
/// that compares after it does not sleep. Waits may end early; nothing but the sleeping itself is ordered by them, so
/// callers look again, with orders of their own.
///
/// `std::atomic::wait` is not used: libstdc++ 12 on systems without a futex compares before it takes its lock, and a
/// waker that comes in between finds nobody.
#pragma once

#include <cstdint>
#include <limits>

#include "atomic.hpp"
#include "durations.hpp"

// PARLOOP_PORTABLE, for tests: nothing but standard C++, as on a system that the library does not know. If at all, it
// is defined for the whole program.
#if defined(__linux__) && !defined(PARLOOP_PORTABLE)
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#elif defined(_WIN32) && !defined(PARLOOP_PORTABLE)
#include "futex_windows.hpp"
#elif defined(__APPLE__) && !defined(PARLOOP_PORTABLE)
#include "futex_macos.hpp"
#else
#include "wait_table.hpp"
#endif

namespace parloop::inline v0_2::detail {

#if defined(__linux__) && !defined(PARLOOP_PORTABLE)

inline long futex(atomic<std::uint32_t>& word, int operation, std::uint32_t value, const timespec* timeout) noexcept {
  static_assert(sizeof(word) == sizeof(std::uint32_t));
#if defined(SYS_futex)
  return ::syscall(SYS_futex, &word, operation | FUTEX_PRIVATE_FLAG, value, timeout, nullptr, 0);
#else  // 32-bit systems that have only known 64-bit times
  return ::syscall(SYS_futex_time64, &word, operation | FUTEX_PRIVATE_FLAG, value, timeout, nullptr, 0);
#endif
}

/// Sleeps while `word` is `expected`; may return early.
inline void wait_on(atomic<std::uint32_t>& word, std::uint32_t expected) noexcept {
  futex(word, FUTEX_WAIT, expected, nullptr);
}

/// The same for `limit` at most.
[[gnu::cold]] inline void wait_on_for(atomic<std::uint32_t>& word, std::uint32_t expected,
                                      std::chrono::nanoseconds limit) noexcept {
  const std::int64_t ns = limit.count();
  const timespec timeout{static_cast<time_t>(ns / 1'000'000'000), static_cast<long>(ns % 1'000'000'000)};
  futex(word, FUTEX_WAIT, expected, &timeout);
}

/// Wakes up to `count` that sleep on `word`.
inline void wake_some(atomic<std::uint32_t>& word, std::uint32_t count) noexcept {
  futex(word, FUTEX_WAKE, count, nullptr);
}

#elif !defined(_WIN32) && !defined(__APPLE__) || defined(PARLOOP_PORTABLE)

inline void wait_on(atomic<std::uint32_t>& word, std::uint32_t expected) noexcept {
  wait_table::wait(word, expected, nullptr);
}
[[gnu::cold]] inline void wait_on_for(atomic<std::uint32_t>& word, std::uint32_t expected,
                                      std::chrono::nanoseconds limit) noexcept {
  wait_table::wait(word, expected, &limit);
}
inline void wake_some(atomic<std::uint32_t>& word, std::uint32_t count) noexcept { wait_table::wake(&word, count); }

#endif

inline void wake_one(atomic<std::uint32_t>& word) noexcept { wake_some(word, 1); }
#if !defined(_WIN32) || defined(PARLOOP_PORTABLE)
/// Wakes all that sleep on `word`.
inline void wake_all(atomic<std::uint32_t>& word) noexcept { wake_some(word, (std::numeric_limits<int>::max)()); }
#endif

/// Counts permissions to go on. Who finds none can sleep until there may be one.
class semaphore {
 public:
  void release(int count) noexcept {
    // Release: pairs with the acquire in try_acquire; what the waker wrote is visible to the woken.
    permits_.fetch_add(static_cast<std::uint32_t>(count), memory_order_release);
    wake_some(permits_, static_cast<std::uint32_t>(count));
  }

  bool try_acquire() noexcept {
    std::uint32_t seen = permits_.load(memory_order_relaxed);  // the exchange below decides
    while (seen != 0) {
      // Acquire: pairs with the release in release().
      if (permits_.compare_exchange_weak(seen, seen - 1, memory_order_acquire, memory_order_relaxed)) {
        return true;
      }
    }
    return false;
  }

  /// Sleeps while there is no permit; may return early, and the permit may be gone, so callers try again.
  void wait() noexcept { wait_on(permits_, 0); }

  /// The same for `limit` at most.
  [[gnu::cold]] void wait_for(std::chrono::nanoseconds limit) noexcept { wait_on_for(permits_, 0, limit); }

 private:
  atomic<std::uint32_t> permits_{0};
};

}  // namespace parloop::inline v0_2::detail
