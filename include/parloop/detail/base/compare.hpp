// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Smaller, larger, within: all that the core needs of <algorithm>, which costs every user a sixth of the time that a
/// small loop takes to compile (measured with g++ 12); and these names survive macros called min and max.
#pragma once

namespace parloop::inline v0_2::detail {

template <class T>
[[nodiscard]] constexpr T smaller(T a, T b) noexcept {
  return b < a ? b : a;
}

template <class T>
[[nodiscard]] constexpr T larger(T a, T b) noexcept {
  return a < b ? b : a;
}

/// `value`, but no less than `low` and no more than `high`.
template <class T>
[[nodiscard]] constexpr T within(T value, T low, T high) noexcept {
  return value < low ? low : high < value ? high : value;
}

}  // namespace parloop::inline v0_2::detail
