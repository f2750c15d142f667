// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Throws the standard's exceptions without <stdexcept>, which brings <string>: that takes longer to compile than a
/// small loop (g++ 12). For the headers that every loop includes.
///
/// Here alone, and where a chunk or a member of a team runs, it matters whether the program has exceptions. Without
/// them (`-fno-exceptions`) what would be thrown is said on stderr, and the program aborts.
#pragma once

#include <cstdint>
#include <utility>

#ifndef __cpp_exceptions
#include <cstdio>
#include <cstdlib>
#endif

#if defined(__GLIBCXX__) && __has_include(<bits/functexcept.h>)
#include <bits/functexcept.h>  // what libstdc++'s containers throw by
#else
#include <stdexcept>
#endif

namespace parloop::inline v0_2::detail {

template <class E>
[[noreturn, gnu::cold]] inline void throw_error(const E& error) {
#ifdef __cpp_exceptions
  throw error;
#else
  std::fprintf(stderr, "%s\n", error.what());
  std::abort();
#endif
}

/// Returns function(), or what otherwise(), called in a catch clause, returns when that throws.
template <class Function, class Otherwise>
decltype(auto) call_or(Function&& function, [[maybe_unused]] Otherwise&& otherwise) {
#ifdef __cpp_exceptions
  try {
    return std::forward<Function>(function)();
  } catch (...) {
    return std::forward<Otherwise>(otherwise)();
  }
#else
  return std::forward<Function>(function)();
#endif
}

#if defined(__GLIBCXX__) && __has_include(<bits/functexcept.h>)

[[noreturn]] inline void throw_invalid_argument(const char* what) { std::__throw_invalid_argument(what); }
[[noreturn]] inline void throw_logic_error(const char* what) { std::__throw_logic_error(what); }
[[noreturn]] inline void throw_length_error(const char* what) { std::__throw_length_error(what); }
[[noreturn]] inline void throw_out_of_range(const char* what) { std::__throw_out_of_range(what); }

#else

[[noreturn]] inline void throw_invalid_argument(const char* what) { throw_error(std::invalid_argument(what)); }
[[noreturn]] inline void throw_logic_error(const char* what) { throw_error(std::logic_error(what)); }
[[noreturn]] inline void throw_length_error(const char* what) { throw_error(std::length_error(what)); }
[[noreturn]] inline void throw_out_of_range(const char* what) { throw_error(std::out_of_range(what)); }

#endif

}  // namespace parloop::inline v0_2::detail
