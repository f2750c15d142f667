// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How one loop asks a team for workers, and waits for those that came. For team_loop.hpp.
#pragma once

#include <bit>

#include "team.hpp"

namespace parloop::inline v0_2::detail {

/// One loop's use of the team, for as long as it lives: lets up to `most` workers in and, at its end, waits for those
/// that came. The caller works meanwhile; it never waits for one that has not come.
class team::fork_join {
 public:
  /// `around`: the doors of the loops in whose chunks the caller is, a bit each.
  fork_join(team& t, door_set around) noexcept : team_(t), around_(around), number_(t.slots_.take()) {}
  fork_join(const fork_join&) = delete;
  fork_join& operator=(const fork_join&) = delete;

  /// The doors of this loop and of those around it.
  [[nodiscard]] door_set doors() const noexcept { return number_ < 0 ? around_ : around_ | one_door(number_); }

  /// Once.
  void open(job what, int most, std::chrono::nanoseconds next) noexcept {
    if (number_ < 0) return;
    most_ = smaller(smaller(most, team_.workers_.size()), door::most_inside);
    team_.slots_.open(number_, what, most_, around_, to_ticks(next));
    team_.request_workers(most_ - (team_.awake() - team_.busy()));
    for (door_set left = around_; left != 0; left &= left - 1) {
      team_.slots_.at(std::countr_zero(left)).notify_waiter();
    }
    if (what.batch != nullptr) what.batch->notify_waiters();
  }

  /// Looks again for workers that fell asleep, left, or were counted on by another loop, too; to be called once.
  void ensure_workers() noexcept {
    if (number_ < 0) return;
    // Not in a child that was forked in the first chunk: a new thread would help a loop that does not wait for it.
    if (team_.workers_.threads_for_certain() < team_.workers_.size() && team_.exists_here()) {
      team_.workers_.start_one(most_ + team_.slots_.wanted(one_door(number_)));
    }
    if (team_.asleep_.fence_and_count() > 0) {
      team_.wake(team_.slots_.lacking(number_, most_));
    }
  }

  ~fork_join() {
    if (number_ < 0) return;
    team_.slots_.at(number_).shut(
        team_.longest_join_spin(), [this] { return !team_.exists_here(); },
        [this] { return team_.nested_ == nested_loops::shared && team_.slots_.help_within(number_); });
    team_.slots_.note_shut(number_);
    team_.slots_.give_back(number_);
  }

 private:
  team& team_;
  door_set around_;
  int number_;
  int most_ = 0;
};

}  // namespace parloop::inline v0_2::detail
