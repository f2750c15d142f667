// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How much CPU time this process has used: what a library that claims to burn none is checked by.
#pragma once

#include <chrono>

#include "detail/base/cpu_clock.hpp"

namespace parloop::inline v0_2 {

/// CPU time of all threads of this process so far, in user and system mode. Where the system has no clock for it: what
/// `std::clock` says. Under Windows it moves in steps of up to 16 ms.
[[nodiscard]] inline std::chrono::nanoseconds cpu_time() noexcept { return detail::process_cpu_time(); }

}  // namespace parloop::inline v0_2
