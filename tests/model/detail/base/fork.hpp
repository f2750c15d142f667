// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The model does not fork.
#pragma once

namespace parloop::inline v0_2::detail {

struct generation {
  [[nodiscard]] static std::uint32_t load(rl::memory_order) noexcept { return 0; }
};
inline constexpr generation fork_generation{};
inline void count_forks() noexcept {}

}  // namespace parloop::inline v0_2::detail
