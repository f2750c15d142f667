// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How a thread polls before it sleeps. For threads that wait for others of their team.
#pragma once

#include "current_cpu.hpp"
#include "ticks.hpp"

namespace parloop::inline v0_2::detail {

/// One wait. Where every thread has a CPU it polls, and after a while lets others onto its CPU between two looks, as
/// two of them may be on one all the same; the next waits of that thread do so soon. Where there are more threads than
/// CPUs it does so from the beginning, and counts how often rather than how long: while it lets others run it burns
/// nothing.
class patience {
 public:
  /// `shares`: for how many more waits the thread is taken to share its CPU; its own.
  patience(ticks longest, bool crowded, int& shares) noexcept
      : longest_(longest), shares_(shares), crowded_(crowded), soon_(shares > 0) {
    if (soon_) --shares;
  }

  /// To be called when a look has found nothing: true to look again, false to sleep.
  bool again() noexcept {
    if (crowded_) {
      used_ += a_yield();
      if (used_ > longest_) return false;
      yield_cpu();
      return true;
    }
    constexpr unsigned looks = 16;  // for one at the clock
    if (++looks_ % looks != 0) {
      cpu_pause();
      return true;
    }
    const ticks t = now();
    if (since_ == 0) since_ = t;
    if (t - since_ >= longest_) return false;
    if (t - since_ >= before_yielding()) shares_ = waits_to_come;
    if (soon_ || t - since_ >= before_yielding()) yield_cpu();
    return true;
  }

 private:
  [[nodiscard]] static ticks a_yield() noexcept { return to_ticks(std::chrono::microseconds(1)); }
  [[nodiscard]] static ticks before_yielding() noexcept { return to_ticks(std::chrono::microseconds(20)); }

  static constexpr int waits_to_come = 100;

  ticks longest_;
  int& shares_;
  ticks since_ = 0;
  ticks used_ = 0;
  unsigned looks_ = 0;
  bool crowded_;
  bool soon_;
};

}  // namespace parloop::inline v0_2::detail
