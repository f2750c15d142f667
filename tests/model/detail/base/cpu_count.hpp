// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The model's computer: how many CPUs it has changes how threads wait, so it is any number.
#pragma once

namespace parloop::inline v0_2::detail {

inline constexpr int most_threads = 4096;

struct cpus {
  int usable = 1;
};
[[nodiscard]] inline int quota_in_cpus(const char* /*root*/ = "") noexcept { return 0; }
[[nodiscard]] inline cpus cpu_count() noexcept { return {.usable = 1 + static_cast<int>(rl::rand(4))}; }

}  // namespace parloop::inline v0_2::detail
