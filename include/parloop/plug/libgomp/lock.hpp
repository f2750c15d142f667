// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Locks in as many bytes as OpenMP programs have for them. For plug/libgomp.hpp.
#pragma once

#include <cstdint>

#include "../../detail/base/atomic.hpp"
#include "../../detail/base/futex.hpp"
#include "../../detail/base/ticks.hpp"

namespace parloop::inline v0_2::detail::gomp {

/// Four bytes, all zero when nobody has it, as the ABI's `omp_lock_t`. Not recursive; may be released by another thread
/// than the one that has it.
class word_lock {
 public:
  [[nodiscard]] bool try_lock() noexcept {
    std::uint32_t seen = open;
    // Acquire: pairs with the release in unlock.
    return word_.compare_exchange_strong(seen, taken, memory_order_acquire, memory_order_relaxed);
  }

  void lock() noexcept {
    if (!try_lock()) lock_slowly();
  }

  void unlock() noexcept {
    if (word_.exchange(open, memory_order_release) == awaited) wake_one(word_);  // release: pairs with lock
  }

 private:
  static constexpr std::uint32_t open = 0;
  static constexpr std::uint32_t taken = 1;
  static constexpr std::uint32_t awaited = 2;  // taken, and somebody may sleep until it is not

  [[gnu::noinline]] void lock_slowly() noexcept {
    constexpr int looks = 50;  // a few microseconds: as long as sleeping and being woken would burn
    for (int i = 0; i < looks; ++i) {
      cpu_pause();
      if (word_.load(memory_order_relaxed) == open && try_lock()) return;
    }
    // Acquire: pairs with the release in unlock. Who comes here cannot know whether others sleep, so says so.
    while (word_.exchange(awaited, memory_order_acquire) != open) wait_on(word_, awaited);
  }

  atomic<std::uint32_t> word_{open};
};
static_assert(sizeof(word_lock) == 4);

/// Has a lock for as long as it lives.
class [[nodiscard]] locked {
 public:
  explicit locked(word_lock& l) noexcept : lock_(l) { lock_.lock(); }
  locked(const locked&) = delete;
  locked& operator=(const locked&) = delete;
  ~locked() { lock_.unlock(); }

 private:
  word_lock& lock_;
};

/// Sixteen bytes, all zero when nobody has it, as the ABI's `omp_nest_lock_t`. Owned by a task, which may take it
/// again.
struct nest_lock {
  word_lock lock;
  int count;
  atomic<const void*> owner;
};
static_assert(sizeof(nest_lock) == 8 + sizeof(void*));

}  // namespace parloop::inline v0_2::detail::gomp
