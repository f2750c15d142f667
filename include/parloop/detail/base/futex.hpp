// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Sleeping and waking threads: the operating system's wait on a 32-bit word, and a semaphore made of it. For
/// detail/team/team.hpp.
#pragma once

#include <cstdint>

#include "atomic.hpp"
#include "durations.hpp"

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <climits>
#else
#include <condition_variable>
#include <mutex>
#include <thread>
#endif

namespace parloop::inline v0_2::detail {

#if defined(__linux__)

inline long futex(atomic<std::uint32_t>& word, int operation, std::uint32_t value, const timespec* timeout) noexcept {
  static_assert(sizeof(word) == sizeof(std::uint32_t));
  return ::syscall(SYS_futex, &word, operation | FUTEX_PRIVATE_FLAG, value, timeout, nullptr, 0);
}

/// Sleeps while `word` is `expected`; may return early, so callers look again.
inline void wait_on(atomic<std::uint32_t>& word, std::uint32_t expected) noexcept {
  futex(word, FUTEX_WAIT, expected, nullptr);
}

inline void wake_one(atomic<std::uint32_t>& word) noexcept { futex(word, FUTEX_WAKE, 1, nullptr); }
inline void wake_all(atomic<std::uint32_t>& word) noexcept { futex(word, FUTEX_WAKE, INT_MAX, nullptr); }

/// As wait_on, for `limit` at most.
[[gnu::cold]] inline void wait_on_for(atomic<std::uint32_t>& word, std::uint32_t expected,
                                      std::chrono::nanoseconds limit) noexcept {
  const std::int64_t ns = limit.count();
  const timespec timeout{static_cast<time_t>(ns / 1'000'000'000), static_cast<long>(ns % 1'000'000'000)};
  futex(word, FUTEX_WAIT, expected, &timeout);
}

/// Counts permissions to go on. Who finds none can sleep until there may be one.
class semaphore {
 public:
  void release(int count) noexcept {
    // Release: pairs with the acquire in try_acquire; what the waker wrote is visible to the woken.
    permits_.fetch_add(static_cast<std::uint32_t>(count), memory_order_release);
    futex(permits_, FUTEX_WAKE, static_cast<std::uint32_t>(count), nullptr);
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

#else

inline void wait_on(atomic<std::uint32_t>& word, std::uint32_t expected) noexcept {
  word.wait(expected, memory_order_relaxed);  // callers look again, with their own ordering
}

inline void wake_one(atomic<std::uint32_t>& word) noexcept { word.notify_one(); }
inline void wake_all(atomic<std::uint32_t>& word) noexcept { word.notify_all(); }

/// The standard has no wait with a limit: polls, seldom.
inline void wait_on_for(atomic<std::uint32_t>& word, std::uint32_t expected, std::chrono::nanoseconds limit) noexcept {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (word.load(memory_order_relaxed) == expected && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

class semaphore {
 public:
  void release(int count) noexcept {
    const std::lock_guard lock(mutex_);
    permits_ += count;
    available_.notify_all();
  }
  bool try_acquire() noexcept {
    const std::lock_guard lock(mutex_);
    return permits_ > 0 && permits_-- > 0;
  }
  void wait() noexcept {
    std::unique_lock lock(mutex_);
    if (permits_ == 0) available_.wait(lock);
  }
  void wait_for(std::chrono::nanoseconds limit) noexcept {
    std::unique_lock lock(mutex_);
    if (permits_ == 0) available_.wait_for(lock, limit);
  }

 private:
  std::mutex mutex_;
  std::condition_variable available_;
  int permits_ = 0;
};

#endif

}  // namespace parloop::inline v0_2::detail
