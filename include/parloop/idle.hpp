// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What a worker thread does between loops.
#pragma once

#include <cstdint>
#include <cstdio>

#include "detail/base/durations.hpp"

namespace parloop::inline v0_2 {

/// A choice of what idle workers do; made by the functions of namespace `idle`.
struct idle_policy {
  /// What the functions of the same names say.
  enum class kind : int {
    spin,      ///< until the next loop
    adaptive,  ///< spin, if the next loop is expected soon, else sleep
    park,      ///< sleep
    release    ///< sleep, and end
  };

  kind what = kind::adaptive;  ///< which of them
  /// `adaptive`: the longest that a worker ever spins. `release`: how long it sleeps before it ends.
  std::chrono::nanoseconds time{0};

  /// Whether workers are awake for a moment after a loop, before they sleep.
  [[nodiscard]] constexpr bool stays_awake() const noexcept {
    return what == kind::spin || (what == kind::adaptive && time.count() > 0);
  }

  /// Whether kind and time are the same.
  friend constexpr bool operator==(const idle_policy&, const idle_policy&) = default;
};

/// What makes idle policies.
namespace idle {

/// The longest that a worker spins after a loop under the default policy. About three times what waking a thread that
/// slept for a while takes on the 2-core machine class (30 us): spinning for as long as the wake-up that it saves costs
/// at most twice the best choice made with foresight (the ski-rental bound).
inline constexpr std::chrono::nanoseconds default_longest_spin = std::chrono::microseconds(100);

/// Workers spin until the next loop comes: fastest start, and every CPU at 100 % for as long as the pool lives. One on
/// the CPU of its caller, which it would keep from that loop, yields meanwhile.
[[nodiscard]] constexpr idle_policy spin() noexcept { return {idle_policy::kind::spin, {}}; }

/// Workers spin for as long as the next loop is expected to take to come, at most `longest`, and sleep when none is
/// expected that soon. After its last loop a worker burns at most `longest` of CPU time, once. The default.
[[nodiscard]] constexpr idle_policy adaptive(std::chrono::nanoseconds longest = default_longest_spin) noexcept {
  return {idle_policy::kind::adaptive, longest.count() > 0 ? longest : std::chrono::nanoseconds(0)};
}

/// Workers sleep as soon as their loop has ended, without time limits.
[[nodiscard]] constexpr idle_policy park() noexcept { return {idle_policy::kind::park, {}}; }

/// Workers sleep as soon as their loop has ended, and after `after` without work the threads end; the next loop that
/// is worth it makes new ones.
[[nodiscard]] constexpr idle_policy release(std::chrono::nanoseconds after = std::chrono::nanoseconds(0)) noexcept {
  return {idle_policy::kind::release, after.count() > 0 ? after : std::chrono::nanoseconds(0)};
}

}  // namespace idle

namespace detail {

/// A policy as PARLOOP_IDLE takes it, with the time in the largest unit that shows it exactly.
struct idle_text {
  char chars[48];
};

[[nodiscard, gnu::cold]] inline idle_text to_text(const idle_policy& policy) noexcept {
  constexpr const char* names[] = {"spin", "adaptive", "park", "release"};
  const char* name = names[static_cast<int>(policy.what)];
  constexpr const char* units[] = {"ns", "us", "ms", "s"};
  std::int64_t time = policy.time.count();
  int unit = 0;
  for (; unit < 3 && time % 1000 == 0; ++unit) time /= 1000;
  if (policy.time.count() == 0) unit = 0;
  idle_text text;
  if (policy.what == idle_policy::kind::spin || policy.what == idle_policy::kind::park) {
    std::snprintf(text.chars, sizeof text.chars, "%s", name);
  } else {
    std::snprintf(text.chars, sizeof text.chars, "%s:%lld%s", name, static_cast<long long>(time), units[unit]);
  }
  return text;
}

}  // namespace detail

}  // namespace parloop::inline v0_2
