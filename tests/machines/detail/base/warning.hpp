// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Nothing is said of threads that are not to be had.
#pragma once

#include <cstdint>

namespace parloop::inline v0_2::detail {

template <class... Values>
void warn(const char*, Values...) noexcept {}

inline void warn_of_missing_threads(int, int, int) noexcept {}

}  // namespace parloop::inline v0_2::detail
