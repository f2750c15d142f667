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

/// A count of those who have left, that nobody polls but the caller, and a mark: the caller sleeps. It only grows, so
/// that no loop needs to clear it; each remembers what it was before (`before`, in steps, as `after` says).
///
/// Many would come one after the other, each for the price of a line's way. So more than `group` of them leave by
/// groups of that many, each by a word of its own, and the last of a group counts for all.
class way_out {
 public:
  static constexpr int group = 16;

  struct alignas(64) word {
    atomic<std::uint32_t> left{0};
  };

  [[gnu::cold]] void leave_by(word* groups) noexcept { groups_ = groups; }

  /// What the count is when all of `came` have left.
  [[nodiscard]] static std::uint32_t after(int came, std::uint32_t before) noexcept {
    return before + step * static_cast<std::uint32_t>(came <= group ? came : (came - 1) / group + 1);
  }

  /// How many of `came` have left at least; all of them when it is all. Clocks of other loops give any number.
  [[nodiscard]] int gone(int came, std::uint32_t before) const noexcept {
    const std::uint32_t steps = (left_.load(memory_order_relaxed) - before) / step;
    return steps >= (after(came, before) - before) / step ? came : static_cast<int>(steps);
  }

  /// The participant, in [1, came], leaves as one of `came`.
  void leave(int participant, int came, std::uint32_t before) noexcept {
    if (came > group && !is_last_of_group(participant - 1, came)) return;
    // Release: pairs with the acquires in wait_for; the caller sees what this worker, and its group, wrote.
    const std::uint32_t seen = left_.fetch_add(step, memory_order_release);
    if ((seen & caller_sleeps) != 0 && (seen & ~caller_sleeps) + step == after(came, before)) wake_caller();
  }

  /// Wakes the caller if it sleeps: there is something to help with.
  void notify_waiter() noexcept {
    // Release: pairs with the fetch_or in wait_for, if that comes later (PROOF.md, lemma 6).
    const std::uint32_t seen = left_.fetch_and(~caller_sleeps, memory_order_release);
    if ((seen & caller_sleeps) != 0) wake_caller();
  }

  /// Returns when all of `came` have left. Meanwhile it calls help(), which says whether it did anything, and polls for
  /// `longest_spin` ticks at a time before it sleeps, or not at all when `in_the_way()`. Does not wait when
  /// `abandoned()`.
  template <class Abandoned, class Help, class InTheWay>
  void wait_for(int came, std::uint32_t before, ticks longest_spin, Abandoned& abandoned, Help& help,
                InTheWay in_the_way) noexcept {
    const std::uint32_t last = after(came, before);
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
        // Acquire: pairs with the releases in leave and notify_waiter, for those that came before. Those that come
        // after see the mark.
        const std::uint32_t seen = left_.fetch_or(caller_sleeps, memory_order_acquire) | caller_sleeps;
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

  /// Counts one, and tells whether all of its group have left.
  [[nodiscard]] bool is_last_of_group(int number, int came) noexcept {
    const int first = number / group * group;
    const int size = came - first < group ? came - first : group;
    atomic<std::uint32_t>& left = groups_[number / group].left;
    // Release and acquire: the last one brings along what the others wrote.
    if (left.fetch_add(1, memory_order_acq_rel) + 1 != static_cast<std::uint32_t>(size)) return false;
    left.store(0, memory_order_relaxed);  // published by who counts for the group
    return true;
  }

  void wake_caller() noexcept {
    const scoped_event waking(thread_event::waking, this);
    wake_one(left_);
  }

  atomic<std::uint32_t> left_{0};
  word* groups_ = nullptr;
};

}  // namespace parloop::inline v0_2::detail
