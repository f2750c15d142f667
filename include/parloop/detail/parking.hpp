// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Sleeping and waking threads: the operating system's wait on a 32-bit word, and a semaphore made of it. For
/// detail/team.hpp.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <climits>
#else
#include <semaphore>
#endif

namespace parloop::inline v0::detail {

#if defined(__linux__)

inline long futex(std::atomic<std::uint32_t>& word, int operation, std::uint32_t value,
                  const timespec* timeout) noexcept {
  static_assert(sizeof(word) == sizeof(std::uint32_t));
  return ::syscall(SYS_futex, &word, operation | FUTEX_PRIVATE_FLAG, value, timeout, nullptr, 0);
}

/// Sleeps while `word` is `expected`; may return early, so callers look again.
inline void wait_on(std::atomic<std::uint32_t>& word, std::uint32_t expected) noexcept {
  futex(word, FUTEX_WAIT, expected, nullptr);
}

inline void wake_one(std::atomic<std::uint32_t>& word) noexcept { futex(word, FUTEX_WAKE, 1, nullptr); }

/// Counts permissions to go on. Whoever acquires sleeps, without any time limit unless one is given, until there is
/// one.
class semaphore {
 public:
  void release(int count) noexcept {
    // Release: pairs with the acquire in try_acquire; what the waker wrote is visible to the woken.
    permits_.fetch_add(static_cast<std::uint32_t>(count), std::memory_order_release);
    futex(permits_, FUTEX_WAKE, static_cast<std::uint32_t>(count), nullptr);
  }

  void acquire() noexcept {
    while (!try_acquire()) wait_on(permits_, 0);
  }

  /// False when `limit` passed without a permission.
  [[gnu::cold]] bool acquire_for(std::chrono::nanoseconds limit) noexcept {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!try_acquire()) {
      const std::chrono::nanoseconds left = end - std::chrono::steady_clock::now();
      if (left.count() <= 0) return false;
      const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
      const timespec timeout{static_cast<time_t>(seconds.count()), static_cast<long>((left - seconds).count())};
      futex(permits_, FUTEX_WAIT, 0, &timeout);
    }
    return true;
  }

 private:
  bool try_acquire() noexcept {
    std::uint32_t seen = permits_.load(std::memory_order_relaxed);  // the exchange below decides
    while (seen != 0) {
      // Acquire: pairs with the release in release().
      if (permits_.compare_exchange_weak(seen, seen - 1, std::memory_order_acquire, std::memory_order_relaxed)) {
        return true;
      }
    }
    return false;
  }

  std::atomic<std::uint32_t> permits_{0};
};

#else

inline void wait_on(std::atomic<std::uint32_t>& word, std::uint32_t expected) noexcept {
  word.wait(expected, std::memory_order_relaxed);  // callers look again, with their own ordering
}

inline void wake_one(std::atomic<std::uint32_t>& word) noexcept { word.notify_one(); }

class semaphore {
 public:
  void release(int count) noexcept { permits_.release(count); }
  void acquire() noexcept { permits_.acquire(); }
  bool acquire_for(std::chrono::nanoseconds limit) noexcept { return permits_.try_acquire_for(limit); }

 private:
  std::counting_semaphore<> permits_{0};
};

#endif

}  // namespace parloop::inline v0::detail
