// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What the help of a team costs, before it is measured. For detail/team/team.hpp and the backends that own threads.
#pragma once

#include <bit>
#include <cstdint>

#include "../base/compare.hpp"
#include "../base/durations.hpp"
#include "event_count.hpp"

namespace parloop::inline v0_2::detail {

/// What asking a team for help costs, in the sense of help_offered::price: half of what a loop loses between asking and
/// getting help, plus what the asking itself takes. Measured on the 2-core machine class.
inline constexpr std::chrono::nanoseconds cost_of_awake_worker = std::chrono::nanoseconds(1200);
inline constexpr std::chrono::nanoseconds cost_of_waking = std::chrono::microseconds(15);  // beside half of the delay
inline constexpr std::chrono::nanoseconds cost_of_sleeper = cost_of_waking + usual_delay_of_sleeper / 2;
inline constexpr std::chrono::nanoseconds cost_of_new_thread = std::chrono::microseconds(60);

/// How long after a loop was published an awake worker begins, likewise measured.
inline constexpr std::chrono::nanoseconds delay_of_awake_worker = std::chrono::nanoseconds(600);

/// Workers that a caller wakes; those who come wake more.
inline constexpr int woken_at_once = 4;

/// What one more participant costs all others: up to 16 come through one word and leave through one, one after the
/// other, and look at each other's shares. A line's way there and back, as measured on the 2-core machine class. It
/// stands for sleepers that have to be woken, too: with half of it a simulated loop of 100 us on 64 cores is 12 times
/// as fast, not 9, but one of 1 ms on 128, which then wants those that sleep, 21 times for a while, not 48.
inline constexpr std::chrono::nanoseconds cost_of_one_more = std::chrono::nanoseconds(200);

/// How many of `most` workers should help with a loop of `work` in all; zero: not known. As many as are `awake`, and of
/// the sleepers as many as that much work pays for; beyond one for each free CPU only where waiting for the CPUs does
/// not matter, in long loops, whose bodies may block. Work that each takes a p-th of, at a cost of p times what one
/// more costs, is done soonest by the square root of their ratio (here the power of two below it).
[[nodiscard, gnu::noinline]] inline int helpers_that_pay(int most, std::chrono::nanoseconds work, int awake,
                                                         int free_cpus) noexcept {
  if (work.count() <= 0) return most;
  constexpr std::chrono::nanoseconds long_loop = std::chrono::milliseconds(1);
  const auto sleepers = smaller<std::int64_t>(work / cost_of_sleeper, most);
  const auto beyond = smaller<std::int64_t>(work / long_loop, most);
  const int on_cpus = smaller(free_cpus, awake + larger(static_cast<int>(sleepers), 1));
  const auto ratio = static_cast<std::uint64_t>(work / cost_of_one_more);
  const auto root = std::uint64_t{1} << std::bit_width(ratio) / 2;
  return static_cast<int>(
      smaller<std::uint64_t>(root, static_cast<std::uint64_t>(smaller(most, on_cpus + static_cast<int>(beyond)))));
}

}  // namespace parloop::inline v0_2::detail
