// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Throws the standard's exceptions without <stdexcept>, which brings <string>: that takes longer to compile than a
/// small loop (g++ 12). For the headers that every loop includes.
#pragma once

#include <cstdint>

#if defined(__GLIBCXX__) && __has_include(<bits/functexcept.h>)
#include <bits/functexcept.h>  // what libstdc++'s containers throw by
#else
#include <stdexcept>
#endif

namespace parloop::inline v0_2::detail {

#if defined(__GLIBCXX__) && __has_include(<bits/functexcept.h>)

[[noreturn]] inline void throw_invalid_argument(const char* what) { std::__throw_invalid_argument(what); }
[[noreturn]] inline void throw_logic_error(const char* what) { std::__throw_logic_error(what); }
[[noreturn]] inline void throw_length_error(const char* what) { std::__throw_length_error(what); }
[[noreturn]] inline void throw_out_of_range(const char* what) { std::__throw_out_of_range(what); }

#else

[[noreturn]] inline void throw_invalid_argument(const char* what) { throw std::invalid_argument(what); }
[[noreturn]] inline void throw_logic_error(const char* what) { throw std::logic_error(what); }
[[noreturn]] inline void throw_length_error(const char* what) { throw std::length_error(what); }
[[noreturn]] inline void throw_out_of_range(const char* what) { throw std::out_of_range(what); }

#endif

}  // namespace parloop::inline v0_2::detail
