// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A strict reader of decimal numbers. `std::from_chars` would do, but is a third of a small program's compile time.
/// For the parsers of the environment and of control groups.
#pragma once

#include <cstdint>
#include <limits>

namespace parloop::inline v0_2::detail {

/// The decimal number that `text` begins with, whose end `text` is moved to: digits only, no sign, no space. -1 when
/// there is none or it does not fit.
[[nodiscard, gnu::cold]] inline std::int64_t read_digits(const char*& text) noexcept {
  constexpr std::int64_t most = (std::numeric_limits<std::int64_t>::max)();
  std::int64_t value = *text >= '0' && *text <= '9' ? 0 : -1;
  for (; *text >= '0' && *text <= '9'; ++text) {
    const std::int64_t digit = *text - '0';
    if (value > (most - digit) / 10) return -1;
    value = value * 10 + digit;
  }
  return value;
}

}  // namespace parloop::inline v0_2::detail
