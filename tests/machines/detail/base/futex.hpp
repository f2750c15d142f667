// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Sleeping and waking on a simulated computer; the semaphore as the library has it on Linux.
#pragma once

#include <limits>
#include <machines/machine.hpp>

#include "atomic.hpp"
#include "durations.hpp"

namespace parloop::inline v0_2::detail {

[[nodiscard]] inline const std::uint32_t* address_of(const atomic<std::uint32_t>& word) noexcept {
  static_assert(sizeof(word) == sizeof(std::uint32_t));
  return reinterpret_cast<const std::uint32_t*>(&word);
}

inline void wait_on(atomic<std::uint32_t>& word, std::uint32_t expected) noexcept {
  ::machines::futex_wait(address_of(word), expected, -1);
}
inline void wait_on_for(atomic<std::uint32_t>& word, std::uint32_t expected, std::chrono::nanoseconds limit) noexcept {
  ::machines::futex_wait(address_of(word), expected, limit.count());
}
inline void wake_one(atomic<std::uint32_t>& word) noexcept { ::machines::futex_wake(address_of(word), 1); }
inline void wake_all(atomic<std::uint32_t>& word) noexcept {
  ::machines::futex_wake(address_of(word), (std::numeric_limits<int>::max)());
}

class semaphore {
 public:
  void release(int count) noexcept {
    permits_.fetch_add(static_cast<std::uint32_t>(count), memory_order_release);
    ::machines::futex_wake(address_of(permits_), count);
  }
  bool try_acquire() noexcept {
    std::uint32_t seen = permits_.load(memory_order_relaxed);
    while (seen != 0) {
      if (permits_.compare_exchange_weak(seen, seen - 1, memory_order_acquire, memory_order_relaxed)) return true;
    }
    return false;
  }
  void wait() noexcept { wait_on(permits_, 0); }
  void wait_for(std::chrono::nanoseconds limit) noexcept {
    ::machines::futex_wait(address_of(permits_), 0, limit.count());
  }

 private:
  atomic<std::uint32_t> permits_{0};
};

}  // namespace parloop::inline v0_2::detail
