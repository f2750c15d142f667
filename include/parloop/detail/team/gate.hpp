// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A way into a loop: one word that workers come through. For detail/team/door.hpp.
#pragma once

#include <cstdint>

#include "../base/atomic.hpp"
#include "../base/current_cpu.hpp"

namespace parloop::inline v0_2::detail {

/// How many workers have come, how many may, and whether it is open.
class gate {
 public:
  /// One that is shut. Release: pairs with the acquire in enter; a worker inside sees what the caller wrote before.
  void open(int most) noexcept {
    state_.store(open_bit | static_cast<std::uint32_t>(most) << most_shift, memory_order_release);
  }

  /// Whether a worker could enter. A hint; relaxed, because enter decides.
  [[nodiscard]] bool has_room() const noexcept { return has_room(state_.load(memory_order_relaxed)); }

  struct counts {
    int came;
    int wanted;  ///< they, and whom it still lets in
    bool open;
  };
  /// Relaxed: ordered by threads_for_certain (PROOF.md, lemma 4).
  [[nodiscard]] counts counted() const noexcept {
    const std::uint32_t seen = state_.load(memory_order_relaxed);
    const bool open = (seen & open_bit) != 0;
    return {came(seen), open ? most(seen) : came(seen), open};
  }

  /// Enters if there is room; returns how many have come by now, or 0.
  int enter() noexcept {
    std::uint32_t seen = state_.load(memory_order_relaxed);
    while (has_room(seen)) {
      // Acquire: pairs with the release in open.
      if (state_.compare_exchange_weak(seen, seen + 1, memory_order_acquire, memory_order_relaxed)) {
        last_inside_.note_here();
        return came(seen) + 1;
      }
    }
    return 0;
  }

  /// From here on nobody comes; returns how many have. Relaxed: one that is shut or full stays so until its loop has
  /// ended, and what those inside wrote comes by the way out.
  int shut() noexcept {
    std::uint32_t seen = state_.load(memory_order_relaxed);
    if (has_room(seen)) seen = state_.fetch_and(~open_bit, memory_order_relaxed);
    return came(seen);
  }

  /// After all have left.
  void clear() noexcept { state_.store(0, memory_order_relaxed); }

  /// Whether who entered last did so on this CPU.
  [[nodiscard]] bool last_is_here() const noexcept { return last_inside_.is_here(); }

 private:
  static constexpr std::uint32_t came_mask = 0xfff;
  static constexpr int most_shift = 12;
  static constexpr std::uint32_t open_bit = 1U << 30;

  static constexpr int came(std::uint32_t state) noexcept { return static_cast<int>(state & came_mask); }
  static constexpr int most(std::uint32_t state) noexcept { return static_cast<int>(state >> most_shift & came_mask); }
  static constexpr bool has_room(std::uint32_t state) noexcept {
    return (state & open_bit) != 0 && came(state) < most(state);
  }

  atomic<std::uint32_t> state_{0};
  cpu_of_thread last_inside_;
};

}  // namespace parloop::inline v0_2::detail
