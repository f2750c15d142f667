// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Admits one caller at a time, and turns the others away. For backend/openmp.hpp.
#pragma once

#include "../base/fork.hpp"

namespace parloop::inline v0_2::detail {

/// Knows of forks: a child does not wait for a thread that only its parent has.
class one_at_a_time {
 public:
  [[nodiscard]] bool enter() noexcept {
    const std::uint32_t here = fork_generation.load(memory_order_relaxed) + 1;
    std::uint32_t seen = holder_.load(memory_order_relaxed);
    // Acquire: pairs with the release in leave; what the last holder left behind is visible.
    return seen != here && holder_.compare_exchange_strong(seen, here, memory_order_acquire);
  }
  void leave() noexcept { holder_.store(0, memory_order_release); }  // pairs with the acquire in enter

 private:
  atomic<std::uint32_t> holder_{0};  // 0: nobody; else the process, by its generation
};

}  // namespace parloop::inline v0_2::detail
