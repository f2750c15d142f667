// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The process in which a runtime that does not survive forks was first used. For the backends on other libraries.
#pragma once

#include "../base/fork.hpp"

namespace parloop::inline v0_2::detail {

/// Of static duration: forked children have it from their parent. Relaxed everywhere: it is written before the first
/// fork that matters, and a child has one thread.
class home_process {
 public:
  /// To be called before the runtime is used.
  void note() noexcept {
    count_forks();
    std::int64_t unknown = -1;
    generation_.compare_exchange_strong(unknown, fork_generation.load(memory_order_relaxed), memory_order_relaxed);
  }
  /// Whether this is a forked child of the process that used the runtime, whose threads it does not have.
  [[nodiscard]] bool left() const noexcept {
    return generation_.load(memory_order_relaxed) != fork_generation.load(memory_order_relaxed);
  }

 private:
  atomic<std::int64_t> generation_{-1};
};

}  // namespace parloop::inline v0_2::detail
