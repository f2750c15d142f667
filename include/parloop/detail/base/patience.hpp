// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How a thread polls before it sleeps. For threads that wait for others of their team.
#pragma once

#include <chrono>

#include "compare.hpp"
#include "current_cpu.hpp"
#include "ticks.hpp"

namespace parloop::inline v0_2::detail {

/// What a thread has seen of the CPU it runs on; its own.
struct cpu_sharing {
  int waits = 0;   // for how many more it is taken to share its CPU with one of its team
  ticks lost = 0;  // while others had its CPU for long, and not made up for yet
};

/// One wait. Where every thread has a CPU it polls, and after a while lets others onto its CPU between two looks, as
/// two of them may be on one all the same; the next waits of that thread do so soon. Where there are more threads than
/// CPUs it does so from the beginning, and counts how often rather than how long: while it lets others run it burns
/// nothing.
///
/// Another program that is let onto the CPU keeps it for a time slice, milliseconds, while a thread that sleeps is
/// given it at once when it is woken. So a thread that has lost a time slice sleeps in its next waits where it would
/// let others run, until that has made up for the loss.
class patience {
 public:
  patience(ticks longest, bool crowded, cpu_sharing& own) noexcept
      : longest_(longest), own_(own), crowded_(crowded), soon_(own.waits > 0) {
    if (soon_) --own.waits;
  }

  /// To be called when a look has found nothing: true to look again, false to sleep.
  bool again() noexcept {
    if (crowded_) {
      used_ += a_yield();
      return used_ <= longest_ && let_others_run();
    }
    constexpr unsigned looks = 16;  // for one at the clock
    if (++looks_ % looks != 0) {
      cpu_pause();
      return true;
    }
    const ticks t = now();
    if (since_ == 0) since_ = t;
    if (t - since_ >= longest_) return false;
    const bool late = t - since_ >= before_yielding();
    if (late) own_.waits = waits_to_come;
    // Who has lost a time slice polls in peace before it sleeps: the others may be on other CPUs.
    const bool polls_on = !late && (!soon_ || own_.lost > 0);
    return polls_on || let_others_run();
  }

 private:
  static constexpr int waits_to_come = 100;
  [[nodiscard]] static ticks a_yield() noexcept { return to_ticks(std::chrono::microseconds(1)); }
  [[nodiscard]] static ticks before_yielding() noexcept { return to_ticks(std::chrono::microseconds(20)); }
  /// Less than any system's, and so much that who waits for work this long loses little when it sleeps.
  [[nodiscard]] static ticks a_time_slice() noexcept { return to_ticks(std::chrono::microseconds(500)); }
  /// An eighth of what sleeping costs: each thread of a team loses slices, and all of them wait.
  [[nodiscard]] static ticks made_up_by_sleeping() noexcept { return to_ticks(std::chrono::microseconds(3)); }
  [[nodiscard]] static ticks most_lost() noexcept { return to_ticks(std::chrono::milliseconds(10)); }

  /// False if it is to sleep instead.
  bool let_others_run() noexcept {
    if (own_.lost > 0) {
      own_.lost -= made_up_by_sleeping();
      return false;
    }
    const ticks before = now();
    yield_cpu();
    const ticks away = now() - before;
    if (away >= a_time_slice()) own_.lost = smaller(away, most_lost());
    return true;
  }

  ticks longest_;
  cpu_sharing& own_;
  ticks since_ = 0;
  ticks used_ = 0;
  unsigned looks_ = 0;
  bool crowded_;
  bool soon_;
};

}  // namespace parloop::inline v0_2::detail
