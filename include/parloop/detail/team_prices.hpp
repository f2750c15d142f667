// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What the help of a team costs, before it is measured. For detail/team.hpp and the backends that own threads.
#pragma once

#include "sleepers.hpp"

namespace parloop::inline v0::detail {

/// What asking a team for help costs, in the sense of backend::fork_cost: half of what a loop loses between asking and
/// getting help, plus what the asking itself takes. Measured on the 2-core machine class.
inline constexpr std::chrono::nanoseconds cost_of_awake_worker = std::chrono::nanoseconds(1200);
inline constexpr std::chrono::nanoseconds cost_of_waking = std::chrono::microseconds(15);  // beside half of the delay
inline constexpr std::chrono::nanoseconds cost_of_sleeper = cost_of_waking + usual_delay_of_sleeper / 2;
inline constexpr std::chrono::nanoseconds cost_of_new_thread = std::chrono::microseconds(60);

/// How long after a loop was published an awake worker begins, likewise measured.
inline constexpr std::chrono::nanoseconds delay_of_awake_worker = std::chrono::nanoseconds(600);

}  // namespace parloop::inline v0::detail
