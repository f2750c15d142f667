// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The clock of a simulated computer.
#pragma once

#include <machines/machine.hpp>

#include "../../index.hpp"
#include "atomic.hpp"
#include "durations.hpp"

namespace parloop::inline v0_2::detail {

using ticks = std::int64_t;  // nanoseconds

inline ticks now() noexcept { return ::machines::read_clock(); }
inline double ticks_per_nanosecond() noexcept { return 1.0; }
inline ticks to_ticks(std::chrono::nanoseconds duration) noexcept { return duration.count(); }
inline std::chrono::nanoseconds to_nanoseconds(ticks duration) noexcept { return std::chrono::nanoseconds(duration); }
inline void cpu_pause() noexcept { ::machines::pause(); }

}  // namespace parloop::inline v0_2::detail
