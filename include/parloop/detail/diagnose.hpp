// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// One line on stderr. For conditions that the library survives but the user should know of.
#pragma once

#include <cstdio>

namespace parloop::inline v0::detail {

/// Prints "parloop: " and the formatted text as one write, so that lines of several threads do not mix.
template <class... Values>
[[gnu::cold]] void diagnose(const char* format, Values... values) noexcept {
  char line[512];
  const int prefix = std::snprintf(line, sizeof line, "parloop: ");
  std::snprintf(line + prefix, sizeof line - static_cast<unsigned>(prefix) - 1, format, values...);
  std::fprintf(stderr, "%s\n", line);
}

}  // namespace parloop::inline v0::detail
