// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What the user asks for by environment variables, strictly parsed. For default_backend.hpp and describe.hpp.
#pragma once

#include <cstdlib>
#include <limits>
#include <optional>
#include <string_view>

#include "../idle.hpp"
#include "cpu_count.hpp"
#include "diagnose.hpp"
#include "digits.hpp"

namespace parloop::inline v0::detail {

/// The whole of `text` as a decimal number in [least, most]; no sign, no spaces.
[[nodiscard, gnu::cold]] inline std::optional<std::int64_t> parse_number(std::string_view text, std::int64_t least,
                                                                         std::int64_t most) noexcept {
  const auto value = parse_digits(text);
  return value && *value >= least && *value <= most ? value : std::nullopt;
}

/// "4": a number of threads.
[[nodiscard, gnu::cold]] inline std::optional<int> parse_threads(std::string_view text) noexcept {
  const auto value = parse_number(text, 1, most_threads);
  return value ? std::optional<int>(static_cast<int>(*value)) : std::nullopt;
}

/// "50us": a duration in ns, us, ms or s, of one hour at most.
[[nodiscard, gnu::cold]] inline std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) noexcept {
  struct unit {
    std::string_view name;
    std::int64_t nanoseconds;
  };
  constexpr std::int64_t hour = 3'600'000'000'000;
  for (const unit u : {unit{"ns", 1}, unit{"us", 1'000}, unit{"ms", 1'000'000}, unit{"s", 1'000'000'000}}) {
    if (!text.ends_with(u.name)) continue;
    const auto value = parse_number(text.substr(0, text.size() - u.name.size()), 0, hour / u.nanoseconds);
    if (value) return std::chrono::nanoseconds(*value * u.nanoseconds);
  }
  return std::nullopt;
}

/// "spin", "adaptive", "adaptive:50us", "park", "release", "release:100ms".
[[nodiscard, gnu::cold]] inline std::optional<idle_policy> parse_idle(std::string_view text) noexcept {
  const std::size_t colon = text.find(':');
  const std::string_view what = text.substr(0, colon);
  if (colon == std::string_view::npos) {
    if (what == "spin") return idle::spin();
    if (what == "adaptive") return idle::adaptive();
    if (what == "park") return idle::park();
    if (what == "release") return idle::release();
    return std::nullopt;
  }
  const auto time = parse_duration(text.substr(colon + 1));
  if (time && what == "adaptive") return idle::adaptive(*time);
  if (time && what == "release") return idle::release(*time);
  return std::nullopt;
}

/// The value of a variable; null when it is not set, and in set-user-ID programs.
[[nodiscard, gnu::cold]] inline const char* environment_variable(const char* name) noexcept {
#if defined(__GLIBC__)
  return ::secure_getenv(name);
#else
  return std::getenv(name);
#endif
}

/// The variable's value by `parse`, or nothing when it is not set or no good.
template <class Parse>
[[nodiscard, gnu::cold]] auto from_environment(const char* name, Parse parse) noexcept
    -> decltype(parse(std::string_view())) {
  const char* value = environment_variable(name);
  if (value == nullptr) return std::nullopt;
  return parse(std::string_view(value));
}

/// Says on one line of stderr that the variable is ignored, if it is set and `parse` does not take its value.
template <class Parse>
[[gnu::cold]] void complain_about(const char* name, Parse parse, const char* expected) noexcept {
  const char* value = environment_variable(name);
  if (value == nullptr || parse(std::string_view(value))) return;
  char shown[41];  // enough to recognise it by; other than printable ASCII becomes '?'
  std::size_t size = 0;
  for (; value[size] != '\0' && size + 1 < sizeof shown; ++size) {
    shown[size] = value[size] >= ' ' && value[size] <= '~' ? value[size] : '?';
  }
  shown[size] = '\0';
  diagnose("%s='%s%s' is ignored; expected %s", name, shown, value[size] == '\0' ? "" : "...", expected);
}

}  // namespace parloop::inline v0::detail
