// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The model's clock: at each reading it may have gone on by more than anybody waits for.
#pragma once

namespace parloop::inline v0_2::detail {

using ticks = std::int64_t;

inline ticks now() noexcept { return model::here.time += rl::rand(3) == 0 ? 10'000'000 : 1; }
inline ticks to_ticks(std::chrono::nanoseconds duration) noexcept { return duration.count(); }
inline std::chrono::nanoseconds to_nanoseconds(ticks duration) noexcept { return std::chrono::nanoseconds(duration); }
/// Not Relacy's yield, after which a thread sees nothing any more that is older than what it saw before.
inline void cpu_pause() noexcept { rl::ctx().sched(); }

}  // namespace parloop::inline v0_2::detail
