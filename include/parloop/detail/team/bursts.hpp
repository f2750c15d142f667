// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The times during which a team's workers are to stay awake, as its threads read them. For detail/team/team.hpp.
#pragma once

#include <cstdint>

#include "../base/atomic.hpp"
#include "../base/compare.hpp"
#include "../base/ticks.hpp"

namespace parloop::inline v0_2::detail {

/// How many bursts there are at the moment, and the longest that workers may idle in them. Relaxed, but for what makes
/// a burst certain: what idle workers do affects no result.
class bursts {
 public:
  void begin(ticks longest) noexcept {
    const std::uint64_t asked = smaller(static_cast<std::uint64_t>(larger<ticks>(longest, 1)), most_ticks);
    std::uint64_t seen = word_.load(memory_order_relaxed);
    while (!word_.compare_exchange_weak(seen, larger(seen >> shift, asked) << shift | ((seen & counts) + 1),
                                        memory_order_relaxed)) {
    }
    begun_.fetch_add(1, memory_order_release);  // pairs with begun
  }
  void end() noexcept {
    std::uint64_t seen = word_.load(memory_order_relaxed);
    while (!word_.compare_exchange_weak(seen, (seen & counts) == 1 ? 0 : seen - 1, memory_order_relaxed)) {
    }
  }

  /// 0: there is none.
  [[nodiscard]] ticks longest() const noexcept { return static_cast<ticks>(word_.load(memory_order_relaxed) >> shift); }
  /// Changes when one begins. Acquire: who sees that one has begun sees how long it allows, too.
  [[nodiscard]] std::uint32_t begun() const noexcept { return begun_.load(memory_order_acquire); }

 private:
  static constexpr int shift = 20;
  static constexpr std::uint64_t counts = (std::uint64_t{1} << shift) - 1;
  static constexpr std::uint64_t most_ticks = (std::uint64_t{1} << (63 - shift)) - 1;  // half an hour at 5 GHz

  atomic<std::uint64_t> word_{0};
  atomic<std::uint32_t> begun_{0};
};

}  // namespace parloop::inline v0_2::detail
