// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What element-wise verbs make of the arrays that they are given, and what must hold. For algorithm/transform.hpp.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "../../backend.hpp"
#include "../../options.hpp"
#include "../base/throw.hpp"
#include "elementwise.hpp"

namespace parloop::inline v0_2::detail {

template <class T>
concept no_backend = !std::derived_from<std::remove_cvref_t<T>, backend>;

/// What may stand first when no backend is named: neither is it one, nor does it say how to run.
template <class T>
concept operand = no_backend<T> && !setting<T>;

template <class T>
concept elements = operand<T> && requires(T& array) {
  { std::begin(array) } -> std::random_access_iterator;
  { std::size(array) } -> std::convertible_to<std::size_t>;
};

/// Where an array's elements are: a pointer when they lie in one piece.
template <class Array>
[[nodiscard]] auto place_of(Array& array) {
  if constexpr (requires { std::data(array); }) {
    return std::data(array);
  } else {
    return scattered<decltype(std::begin(array))>{std::begin(array)};
  }
}
template <class Array>
[[nodiscard]] auto source_of(const Array& array) {
  if constexpr (requires { std::data(array); }) {
    return static_cast<const std::remove_pointer_t<decltype(std::data(array))>*>(std::data(array));
  } else {
    return detail::place_of(array);
  }
}

template <class Array>
[[nodiscard]] index_t count_of(const Array& array) {
  return static_cast<index_t>(std::size(array));
}

[[noreturn, gnu::cold, gnu::noinline]] inline void refuse_sizes(const char* name, int input, index_t size,
                                                                index_t expected) {
  throw_error(std::invalid_argument(std::string("parloop::") + name + ": input " + std::to_string(input) + " has " +
                                    std::to_string(size) + " elements, but the output has " +
                                    std::to_string(expected)));
}
[[noreturn, gnu::cold, gnu::noinline]] inline void refuse_overlap(const char* name, int input) {
  throw_error(std::invalid_argument(std::string("parloop::") + name + ": the output overlaps input " +
                                    std::to_string(input) + " without being the same array"));
}

/// Throws unless one input has as many elements as the output and is the same array, or apart from it.
template <class Out, class In>
void require_fit(const char* name, int input, index_t n, Out out, index_t size, In in) {
  if (size != n) [[unlikely]]
    refuse_sizes(name, input, size, n);
  if constexpr (std::is_pointer_v<Out> && std::is_pointer_v<In>) {
    const auto to = reinterpret_cast<std::uintptr_t>(out);
    const auto from = reinterpret_cast<std::uintptr_t>(in);
    if (to == from && sizeof(*out) == sizeof(*in)) return;
    const auto count = static_cast<std::uintptr_t>(n);
    const bool apart = from + count * sizeof(*in) <= to || to + count * sizeof(*out) <= from;
    if (!apart) [[unlikely]]
      refuse_overlap(name, input);
  }
}

}  // namespace parloop::inline v0_2::detail
