// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// One line on stderr. For conditions that the library survives but the user should know of.
#pragma once

#include <cstdarg>
#include <cstdio>

namespace parloop::inline v0::detail {

/// Prints "parloop: " and the formatted text as one write, so that lines of several threads do not mix.
[[gnu::cold, gnu::format(printf, 1, 2)]] inline void diagnose(const char* format, ...) noexcept {
  char text[512];
  std::va_list values;
  va_start(values, format);
  std::vsnprintf(text, sizeof text, format, values);
  va_end(values);
  std::fprintf(stderr, "parloop: %s\n", text);
}

}  // namespace parloop::inline v0::detail
