// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A strict parser of decimal numbers. `std::from_chars` would do, but is a third of a small program's compile time.
/// For the parsers of the environment and of control groups.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace parloop::inline v0::detail {

/// The whole of `text` as a decimal number: digits only, no sign, no space; at least one, and no more than fit.
[[nodiscard, gnu::cold]] inline std::optional<std::int64_t> parse_digits(std::string_view text) noexcept {
  constexpr std::int64_t most = (std::numeric_limits<std::int64_t>::max)();
  if (text.empty()) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    const std::int64_t digit = c - '0';
    if (value > (most - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

}  // namespace parloop::inline v0::detail
