// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// One line on stderr. For conditions that the library survives but the user should know of.
#pragma once

#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "atomic.hpp"

namespace parloop::inline v0_2::detail {

/// Prints "parloop: " and the formatted text as one write, so that lines of several threads do not mix.
[[gnu::cold, gnu::format(printf, 1, 2)]] inline void warn(const char* format, ...) noexcept {
  char text[512];
  std::va_list values;
  va_start(values, format);
  std::vsnprintf(text, sizeof text, format, values);
  va_end(values);
  std::fprintf(stderr, "parloop: %s\n", text);
}

/// Says that threads cannot be started because of `error`, the system's number; once per process and reason, as some
/// backends start threads all the time.
[[gnu::cold]] inline void warn_of_missing_threads(int error, int have, int wanted) noexcept {
  static constinit atomic<std::uint64_t> told{0};  // a bit for each reason; relaxed: carries nothing else
  const std::uint64_t reason = std::uint64_t{1} << (static_cast<unsigned>(error) % 64);
  if ((told.fetch_or(reason, memory_order_relaxed) & reason) != 0) return;
  warn("cannot start more threads (%s); loops go on with %d of %d", std::strerror(error), have, wanted);
}

}  // namespace parloop::inline v0_2::detail
