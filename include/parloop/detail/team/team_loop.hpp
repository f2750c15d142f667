// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// One loop on a team of workers: how many of them, and what they and the caller do. For the backends that own threads.
#pragma once

#include "../../backend.hpp"
#include "../base/compare.hpp"
#include "fork_join.hpp"
#include "nesting.hpp"
#include "range_stealing.hpp"

namespace parloop::inline v0_2::detail {

/// What a loop is expected to take in all; zero: not known.
[[nodiscard]] inline std::chrono::nanoseconds total_time(const loop& work) noexcept {
  constexpr std::chrono::nanoseconds most = std::chrono::hours(1);
  const auto total = work.iteration * static_cast<double>(work.n);
  return total < most ? std::chrono::duration_cast<std::chrono::nanoseconds>(total) : most;
}

/// Runs `work` on the calling thread and on up to `wanted` - 1 workers of `t`, as many as pay. All of them are `inside`
/// of `owner` meanwhile. `next` is when the team is expected to be needed again, for what its workers do afterwards.
inline void run_on_team(team& t, const loop& work, int wanted, const void* owner,
                        std::chrono::nanoseconds next) noexcept {
  range_stealing shared(work, 1 + t.helpers_that_pay(wanted - 1, total_time(work)), t.head_start());
  const auto take_part = [](void* p, int number) noexcept {
    auto& d = *static_cast<range_stealing*>(p);
    const inside mark(d.owner, d.doors);
    range_stealing::participant(d, number).drain();
  };
  range_stealing::participant caller(shared, 0);
  caller.take_first();
  team::fork_join help(t, inside::doors_of(owner));
  auto* const batch = static_cast<task_batch*>(const_cast<void*>(inside::batch_here()));
  shared.owner = owner;
  shared.doors = help.doors();
  const inside mark(owner, shared.doors);
  help.open({take_part, &shared, work.chunk.body, batch}, shared.participants() - 1, next);
  // What makes it certain that all helpers come would wait for the door's cache line now, so it follows the first
  // chunk, unless that may be long.
  const bool short_chunk =
      work.iteration.count() > 0 && work.iteration * static_cast<double>(work.grain) < longest_chunk;
  if (!short_chunk) help.ensure_workers();
  if (caller.step()) {
    if (short_chunk) help.ensure_workers();
    caller.drain();
  }
}

}  // namespace parloop::inline v0_2::detail
