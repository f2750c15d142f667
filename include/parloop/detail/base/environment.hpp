// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What the user asks for by environment variables, strictly parsed. For default_backend.hpp and describe.hpp.
#pragma once

#include <cstdlib>
#include <cstring>
#include <initializer_list>

#include "../../idle.hpp"
#include "cpu_count.hpp"
#include "digits.hpp"
#include "warning.hpp"

namespace parloop::inline v0_2::detail {

/// "4": a number of threads; 0 when the text is no good.
[[nodiscard, gnu::cold]] inline int parse_threads(const char* text) noexcept {
  const std::int64_t count = read_digits(text);
  return *text == '\0' && count >= 1 && count <= most_threads ? static_cast<int>(count) : 0;
}

/// "50us": a duration in ns, us, ms or s, of one hour at most; negative when the text is no good.
[[nodiscard, gnu::cold]] inline std::chrono::nanoseconds parse_duration(const char* text) noexcept {
  struct unit {
    const char* name;
    std::int64_t nanoseconds;
  };
  constexpr std::int64_t hour = 3'600'000'000'000;
  const std::int64_t count = read_digits(text);
  for (const unit u : {unit{"ns", 1}, unit{"us", 1'000}, unit{"ms", 1'000'000}, unit{"s", 1'000'000'000}}) {
    if (std::strcmp(text, u.name) == 0 && count <= hour / u.nanoseconds) {
      return std::chrono::nanoseconds(count * u.nanoseconds);
    }
  }
  return std::chrono::nanoseconds(-1);
}

/// What follows `start` in `text`; null when it starts otherwise.
[[nodiscard, gnu::cold]] inline const char* after(const char* start, const char* text) noexcept {
  const std::size_t size = std::strlen(start);
  return std::strncmp(text, start, size) == 0 ? text + size : nullptr;
}

/// "spin", "adaptive", "adaptive:50us", "park", "release", "release:100ms"; with a negative time when the text is no
/// good.
[[nodiscard, gnu::cold]] inline idle_policy parse_idle(const char* text) noexcept {
  if (std::strcmp(text, "spin") == 0) return idle::spin();
  if (std::strcmp(text, "adaptive") == 0) return idle::adaptive();
  if (std::strcmp(text, "park") == 0) return idle::park();
  if (std::strcmp(text, "release") == 0) return idle::release();
  idle_policy policy{idle_policy::kind::adaptive, {}};
  const char* time = after("adaptive:", text);
  if (time == nullptr) {
    policy.what = idle_policy::kind::release;
    time = after("release:", text);
  }
  policy.time = time != nullptr ? parse_duration(time) : std::chrono::nanoseconds(-1);
  return policy;
}

/// The value of a variable; null when it is not set, and in set-user-ID programs.
[[nodiscard, gnu::cold]] inline const char* environment_variable(const char* name) noexcept {
#if defined(__GLIBC__) && !defined(PARLOOP_PORTABLE)
  return ::secure_getenv(name);
#else
  return std::getenv(name);
#endif
}

/// Says on one line of stderr that the variable's value, `value`, is ignored.
[[gnu::cold]] inline void complain_about(const char* name, const char* value, const char* expected) noexcept {
  char shown[41];  // enough to recognise it by; other than printable ASCII becomes '?'
  std::size_t size = 0;
  for (; value[size] != '\0' && size + 1 < sizeof shown; ++size) {
    shown[size] = value[size] >= ' ' && value[size] <= '~' ? value[size] : '?';
  }
  shown[size] = '\0';
  warn("%s='%s%s' is ignored; expected %s", name, shown, value[size] == '\0' ? "" : "...", expected);
}

}  // namespace parloop::inline v0_2::detail
