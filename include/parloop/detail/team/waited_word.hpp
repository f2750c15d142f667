// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A word that threads wait on until it has changed. For detail/team/gang.hpp; the protocol is in GANG.md.
#pragma once

#include <cstdint>

#include "../base/atomic.hpp"
#include "../base/futex.hpp"
#include "../base/patience.hpp"
#include "scoped_event.hpp"

namespace parloop::inline v0_2::detail {

/// A count that only grows, and two marks: somebody sleeps until it changes; it is broken, so nobody waits any more.
///
/// No wake-up is lost, because who goes to sleep sets its mark and reads the count in one step, and sleeps only while
/// the word is what that step made it; who changes the word sees the mark in the same step (GANG.md, G2).
class waited_word {
 public:
  /// The count as of now. Acquire: pairs with the releases in advance and break_up.
  [[nodiscard]] std::uint32_t count() const noexcept { return word_.load(memory_order_acquire) / one; }
  [[nodiscard]] bool broken() const noexcept { return (word_.load(memory_order_acquire) & broken_mark) != 0; }

  /// Adds one. Those who wait see what the caller wrote before.
  void advance() noexcept { wake_after(word_.fetch_add(one, memory_order_release)); }  // pairs with wait_while

  /// Once for all. Those who wait return.
  [[gnu::cold]] void break_up() noexcept {
    wake_after(word_.fetch_or(broken_mark, memory_order_release));  // pairs with wait_while
  }

  /// Returns when the count is no more `count` (true), or while it still is, but the word is broken (false).
  [[nodiscard]] bool wait_while(std::uint32_t count, patience polling) noexcept {
    while (true) {
      std::uint32_t seen = word_.load(memory_order_acquire);  // pairs with the releases above
      if (seen / one != count) return true;
      if ((seen & broken_mark) != 0) return false;
      if (polling.again()) continue;
      // Acquire: as above. Those who change the word from now on see the mark.
      seen = word_.fetch_or(asleep_mark, memory_order_acquire) | asleep_mark;
      if (seen / one == count && (seen & broken_mark) == 0) {
        const scoped_event waiting(thread_event::waiting, this);
        wait_on(word_, seen);
      }
    }
  }

 private:
  static constexpr std::uint32_t asleep_mark = 1;
  static constexpr std::uint32_t broken_mark = 2;
  static constexpr std::uint32_t one = 4;

  void wake_after(std::uint32_t before) noexcept {
    if ((before & asleep_mark) == 0) return;
    // Relaxed: who sets the mark again before this sleeps on a word that this changes, or is woken.
    word_.fetch_and(~asleep_mark, memory_order_relaxed);
    const scoped_event waking(thread_event::waking, this);
    wake_all(word_);
  }

  atomic<std::uint32_t> word_{0};
};

}  // namespace parloop::inline v0_2::detail
