// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// For the model: a thread may be on any CPU at any time.
#pragma once

#include <atomic>

namespace parloop::inline v0_2::detail {

class cpu_of_thread {
 public:
  void note_here() noexcept {}
  [[nodiscard]] bool is_here() const noexcept { return rl::rand(2) == 1; }
};

inline void yield_cpu() noexcept { rl::ctx().sched(); }

}  // namespace parloop::inline v0_2::detail
