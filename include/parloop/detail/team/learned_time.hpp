// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How long something takes on this machine, as it is now: a usual time, corrected by measurements. For
/// detail/team/team.hpp and the backends.
#pragma once

#include <cstdio>
#include <limits>

#include "../base/atomic.hpp"
#include "../base/compare.hpp"
#include "../base/ticks.hpp"

namespace parloop::inline v0_2::detail {

/// The smaller of the last two measurements, because an interrupt makes one look long. What differs from the usual is
/// forgotten by halves, so that what is too dear on a busy machine is tried again.
///
/// Relaxed throughout: hints that affect no result, and threads that measure at the same time measure the same.
class learned_time {
 public:
  static constexpr std::chrono::nanoseconds half_life = std::chrono::milliseconds(20);

  explicit constexpr learned_time(std::chrono::nanoseconds usual) noexcept : usual_(usual) {}

  /// It took from `begin` to `end`, on the clocks of two CPUs perhaps.
  void note(ticks begin, ticks end) noexcept {
    const ticks took = larger<ticks>(end - begin, 1);
    const ticks before = last_.load(memory_order_relaxed);
    recent_.store(smaller(before, took), memory_order_relaxed);
    last_.store(took, memory_order_relaxed);
    when_.store(end, memory_order_relaxed);
  }

  /// How long it is expected to take at `when`.
  [[nodiscard, gnu::noinline]] ticks expected(ticks when) const noexcept {
    const ticks usual = to_ticks(usual_);
    const ticks recent = recent_.load(memory_order_relaxed);
    if (recent == never_measured) return usual;
    const ticks halves = larger<ticks>(when - when_.load(memory_order_relaxed), 0) / to_ticks(half_life);
    constexpr ticks all_bits = 62;
    return usual + ((recent - usual) >> smaller(halves, all_bits));
  }

  /// The last measurement; 0: there was none.
  [[nodiscard]] ticks last() const noexcept {
    const ticks took = last_.load(memory_order_relaxed);
    return took == never_measured ? 0 : took;
  }

 private:
  static constexpr ticks never_measured = (std::numeric_limits<ticks>::max)();

  std::chrono::nanoseconds usual_;
  atomic<ticks> recent_{never_measured};
  atomic<ticks> last_{never_measured};
  atomic<ticks> when_{0};
};

/// A measurement as a text, without an allocation.
struct measured_text {
  char chars[32];
};

/// In microseconds; 0: it was never measured.
[[nodiscard, gnu::cold]] inline measured_text to_text(ticks measured) noexcept {
  constexpr double us = 1e-3;
  measured_text text{"not measured yet"};
  if (measured > 0) {
    std::snprintf(text.chars, sizeof text.chars, "%.1f us", us * static_cast<double>(to_nanoseconds(measured).count()));
  }
  return text;
}

}  // namespace parloop::inline v0_2::detail
