// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How the workers inside a door leave it, and how the loop's caller waits for them. For detail/team/door.hpp.
#pragma once

#include <cstdint>

#include "../base/atomic.hpp"
#include "../base/futex.hpp"
#include "../base/ticks.hpp"
#include "scoped_event.hpp"

namespace parloop::inline v0_2::detail {

/// A count of those who have left, each a step, that nobody polls but the caller, and a mark: the caller sleeps. The
/// count only grows, so that no loop needs to clear it; each remembers what it was before (`before`).
class way_out {
 public:
  /// What the count is when so many more have left.
  [[nodiscard]] static std::uint32_t after(int steps, std::uint32_t before) noexcept {
    return before + step * static_cast<std::uint32_t>(steps);
  }

  /// How many of `came`, who leave in so many steps, have left at least; all of them when it is all. Clocks of other
  /// loops give any number.
  [[nodiscard]] int gone(int came, int steps, std::uint32_t before) const noexcept {
    const std::uint32_t made = (left_.load(memory_order_relaxed) - before) / step;
    return made >= static_cast<std::uint32_t>(steps) ? came : static_cast<int>(made);
  }

  /// One worker leaves, or the last of a group.
  void leave() noexcept {
    // Release: pairs with the acquires in wait_for; the caller sees what this worker, and its group, wrote. Acquire:
    // pairs with the release there; who sees the mark sees which count the caller waits for.
    const std::uint32_t seen = left_.fetch_add(step, memory_order_acq_rel);
    if ((seen & caller_sleeps) != 0 && (seen & ~caller_sleeps) + step == last_.load(memory_order_relaxed)) {
      wake_caller();
    }
  }

  /// Wakes the caller if it sleeps: there is something to help with.
  void notify_waiter() noexcept {
    // Release: pairs with the fetch_or in wait_for, if that comes later (PROOF.md, lemma 6).
    const std::uint32_t seen = left_.fetch_and(~caller_sleeps, memory_order_release);
    if ((seen & caller_sleeps) != 0) wake_caller();
  }

  /// Returns when so many steps have been made. Meanwhile it calls help(), which says whether it did anything, and
  /// polls for `longest_spin` ticks at a time before it sleeps, or not at all when `in_the_way()`. Does not wait when
  /// `abandoned()`.
  template <class Abandoned, class Help, class InTheWay>
  void wait_for(int steps, std::uint32_t before, ticks longest_spin, Abandoned& abandoned, Help& help,
                InTheWay in_the_way) noexcept {
    const std::uint32_t last = after(steps, before);
    ticks since = 0;
    while (!abandoned()) {  // again each time, as help() may have forked
      for (int i = 0; i < 8; ++i) {
        const std::uint32_t seen = left_.load(memory_order_acquire);  // pairs with the release in leave
        if ((seen & ~caller_sleeps) == last) {
          if ((seen & caller_sleeps) != 0) left_.fetch_and(~caller_sleeps, memory_order_relaxed);
          return;
        }
        cpu_pause();
      }
      const ticks time = now();
      if (since == 0) since = time;
      if (help()) {
        since = now();
      } else if (time - since >= longest_spin || in_the_way()) {
        last_.store(last, memory_order_relaxed);  // published by the mark
        // Acquire: pairs with the releases in leave and notify_waiter, for those that came before. Those that come
        // after see the mark. Release: pairs with the acquire in leave.
        const std::uint32_t seen = left_.fetch_or(caller_sleeps, memory_order_acq_rel) | caller_sleeps;
        if ((seen & ~caller_sleeps) == last) continue;
        if (!help()) {
          const scoped_event waiting(thread_event::waiting, this);
          wait_on(left_, seen);
        }
      }
    }
  }

 private:
  static constexpr std::uint32_t caller_sleeps = 1;
  static constexpr std::uint32_t step = 2;

  void wake_caller() noexcept {
    const scoped_event waking(thread_event::waking, this);
    wake_one(left_);
  }

  atomic<std::uint32_t> left_{0};
  atomic<std::uint32_t> last_{0};  // what the caller waits for, while the mark is set
};

}  // namespace parloop::inline v0_2::detail
