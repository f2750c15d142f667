// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A time during which a team's workers stay awake. For keep_awake.hpp.
#pragma once

#include "team.hpp"

namespace parloop::inline v0_2::detail {

/// From its construction to its end.
class team::burst {
 public:
  /// Wakes as many workers as there are CPUs for, and keeps them awake, each for as long as it has had nothing to do
  /// for less than `longest`.
  [[gnu::cold]] burst(team& t, std::chrono::nanoseconds longest) noexcept : team_(t) {
    t.bursts_.begin(to_ticks(longest));
    t.slots_.note_caller();
    // As where a loop looks for its workers (IDLE.md, C3 and C3'): who leaves or falls asleep now sees the burst.
    if (t.workers_.threads_for_certain() < t.free_cpus_) t.workers_.start_one(t.free_cpus_);
    if (t.asleep_.fence_and_count() > 0) t.wake(smaller(t.free_cpus_, woken_at_once));
  }
  burst(const burst&) = delete;
  burst& operator=(const burst&) = delete;
  /// In a forked child, where nobody is awake, nothing happens.
  [[gnu::cold]] ~burst() {
    if (team_.exists_here()) team_.bursts_.end();
  }

 private:
  team& team_;
};

}  // namespace parloop::inline v0_2::detail
