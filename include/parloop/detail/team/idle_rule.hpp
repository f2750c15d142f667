// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The idle policy of a team as its threads read it, in ticks; it may change while they do. For detail/team/team.hpp.
#pragma once

#include "../../idle.hpp"
#include "../base/atomic.hpp"
#include "../base/compare.hpp"
#include "../base/ticks.hpp"

namespace parloop::inline v0_2::detail {

/// Relaxed throughout: what idle workers do affects no result.
class idle_rule {
 public:
  [[gnu::cold]] void set(idle_policy policy) noexcept {
    kind_.store(policy.what, memory_order_relaxed);
    time_.store(to_ticks(policy.time), memory_order_relaxed);
  }

  /// How long a worker that idles now may spin, when the next loop is expected in `gap`.
  [[nodiscard]] ticks longest_spin(ticks gap) const noexcept {
    constexpr int always = 62;  // 2^62 ticks are decades
    const auto kind = kind_.load(memory_order_relaxed);
    if (kind == idle_policy::kind::spin) return ticks{1} << always;
    if (kind != idle_policy::kind::adaptive) return 0;
    // Not just as long as the gap: an interrupt on the caller's side, tens of microseconds, must not end a series.
    const ticks longest = time_.load(memory_order_relaxed);
    return gap <= longest ? longest : 0;
  }

  [[nodiscard]] bool always_spins() const noexcept {
    return kind_.load(memory_order_relaxed) == idle_policy::kind::spin;
  }

  /// How long the caller may poll at the end of its loop: it obeys the policy too, but polls for as long as going to
  /// sleep would cost anyway.
  [[nodiscard]] ticks longest_join_spin() const noexcept {
    const auto kind = kind_.load(memory_order_relaxed);
    if (kind == idle_policy::kind::spin) return to_ticks(std::chrono::hours(1));
    return kind == idle_policy::kind::adaptive ? larger(time_.load(memory_order_relaxed), shortest_join_spin())
                                               : shortest_join_spin();
  }
  [[nodiscard]] static ticks shortest_join_spin() noexcept { return to_ticks(std::chrono::microseconds(2)); }

  /// Whether the thread of a worker that has slept for time_to_end() ends.
  [[nodiscard]] bool threads_end() const noexcept {
    return kind_.load(memory_order_relaxed) == idle_policy::kind::release;
  }
  [[nodiscard]] ticks time_to_end() const noexcept { return time_.load(memory_order_relaxed); }

 private:
  atomic<idle_policy::kind> kind_{idle_policy::kind::adaptive};
  atomic<ticks> time_{0};
};

}  // namespace parloop::inline v0_2::detail
