// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A lock for a few instructions, four bytes large. For detail/team/task_queue.hpp.
#pragma once

#include "atomic.hpp"
#include "futex.hpp"
#include "ticks.hpp"

namespace parloop::inline v0_2::detail {

/// Free, held, or held while somebody may sleep until it is free (U. Drepper, "Futexes are tricky", mutex 2).
class short_lock {
 public:
  void lock() noexcept {
    std::uint32_t seen = is_free;
    // Acquire, here and below: pairs with the release in unlock; what the last holder wrote is visible.
    if (word_.compare_exchange_strong(seen, is_held, memory_order_acquire, memory_order_relaxed)) return;
    for (int i = 0; i < 32; ++i) {
      cpu_pause();
      seen = is_free;
      if (word_.load(memory_order_relaxed) == is_free &&
          word_.compare_exchange_strong(seen, is_held, memory_order_acquire, memory_order_relaxed)) {
        return;
      }
    }
    while (word_.exchange(is_waited_for, memory_order_acquire) != is_free) wait_on(word_, is_waited_for);
  }
  void unlock() noexcept {
    if (word_.exchange(is_free, memory_order_release) == is_waited_for) wake_one(word_);  // pairs with lock
  }

  /// Holds it for as long as the object lives.
  class holder {
   public:
    explicit holder(short_lock& l) noexcept : lock_(l) { l.lock(); }
    holder(const holder&) = delete;
    holder& operator=(const holder&) = delete;
    ~holder() { lock_.unlock(); }

   private:
    short_lock& lock_;
  };

 private:
  static constexpr std::uint32_t is_free = 0;
  static constexpr std::uint32_t is_held = 1;
  static constexpr std::uint32_t is_waited_for = 2;
  atomic<std::uint32_t> word_{is_free};
};

}  // namespace parloop::inline v0_2::detail
