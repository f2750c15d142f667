// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Simulated computers have one process.
#pragma once

#include <cstdint>

#include "atomic.hpp"

namespace parloop::inline v0_2::detail {

inline constinit atomic<std::uint32_t> fork_generation{0};
inline void count_forks() noexcept {}

}  // namespace parloop::inline v0_2::detail
