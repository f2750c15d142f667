// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Workers that stay awake for the loops of a scope: `keep_awake burst(pool);`.
#pragma once

#include <optional>

#include "default_backend.hpp"
#include "detail/loop/pace.hpp"
#include "detail/team/burst.hpp"

namespace parloop::inline v0_2 {

/// Wakes a pool's workers, and keeps them awake for the loops to come, for as long as it lives: for loops that follow
/// one another with pauses in between, or one that follows work of its caller, who begins the burst first. A worker
/// that gets nothing to do for `longest` sleeps all the same, until the next loop or burst; with the burst it falls
/// silent, as the pool's idle policy says. That policy is not changed; meanwhile `park` and `release` are overruled.
///     void frame() { keep_awake burst(pool); prepare(); parallel_for(pool, rows, copy); }
///
/// The thread that begins it asks for their help with short loops, too, for which it would not wake anybody. As many
/// workers stay awake as there are CPUs beside the caller's. Several bursts of one pool may be nested or from
/// several threads; the workers are awake while any lives, for the longest time that one of them asks for.
///
/// For `thread_pool`, `work_stealing`, and `workqueue` with `keep`; others have no workers of the library's, and
/// nothing happens.
class keep_awake {
 public:
  /// How long a worker waits in vain unless told otherwise.
  static constexpr std::chrono::nanoseconds default_longest = std::chrono::milliseconds(10);

  /// The burst begins. `b` has to outlive it.
  explicit keep_awake(backend& b, std::chrono::nanoseconds longest = default_longest) noexcept : of_(&b) {
    if (detail::team* const t = b.own_team(); t != nullptr) {
      burst_.emplace(*t, longest);
      detail::pace_here.note_burst(of_);
    }
  }
  /// The same for the default backend.
  keep_awake() : keep_awake(default_backend()) {}
  keep_awake(const keep_awake&) = delete;
  keep_awake& operator=(const keep_awake&) = delete;
  /// It ends.
  ~keep_awake() {
    if (burst_) detail::pace_here.note_burst_end(of_);
  }

 private:
  const backend* of_;
  std::optional<detail::team::burst> burst_;
};

}  // namespace parloop::inline v0_2
