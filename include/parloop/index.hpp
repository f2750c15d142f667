// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The index type of every loop, and the integers that convert to it.
#pragma once

#if !defined(__cpp_concepts) || __cpp_concepts < 201907L
#error "parloop needs C++20: -std=c++20, with g++ 12, clang++ 14 or newer"
#endif

#include <concepts>
#include <cstdint>
#include <type_traits>

/// All that users write. `parallel_for` is the place to begin.
namespace parloop::inline v0_2 {

/// Type of every loop index and iteration count: 64 bits, signed.
using index_t = std::int64_t;

namespace detail {

template <class T, class... Others>
concept one_of = (std::same_as<std::remove_cv_t<T>, Others> || ...);

}  // namespace detail

/// An integer type of at most 64 bits; `bool` and the types of characters are none.
template <class T>
concept index_like = std::integral<T> && sizeof(T) <= sizeof(index_t) &&
                     !detail::one_of<T, bool, char, wchar_t, char8_t, char16_t, char32_t>;

}  // namespace parloop::inline v0_2
