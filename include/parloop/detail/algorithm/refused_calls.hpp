// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Calls of `parallel_for` that people write who come from other libraries: each is refused in one sentence, where the
/// compiler would else list every overload. For algorithm/parallel_for.hpp.
#pragma once

#include <concepts>
#include <type_traits>

#include "../../backend.hpp"
#include "../../index.hpp"
#include "../../options.hpp"
#include "../base/iterators.hpp"

namespace parloop::inline v0_2 {

namespace detail {

/// False, but not before somebody calls.
template <class...>
inline constexpr bool called = false;

template <class T>
concept has_range_options = requires(const T& range) {
  range.grain(1).threads(1);
};

template <class T>
concept has_elements = requires(T& elements) {
  std::begin(elements);
};

/// Elements that can be reached only one after another.
template <class T>
concept elements_in_a_row = requires(T& elements) {
  { std::begin(elements) } -> std::input_iterator;
}
&&!requires(T & elements) {
  { std::begin(elements) } -> std::random_access_iterator;
};

template <class T>
concept iterator_in_a_row = std::input_iterator<T> && !std::random_access_iterator<T>;

template <class T>
concept nothing_to_iterate =
    !has_range_options<T> && !has_elements<T> && !std::derived_from<T, backend> && !std::integral<T>;

template <class... Call>
constexpr void refuse_number() {
  static_assert(called<Call...>,
                "parloop::parallel_for: indices are given as a range: parallel_for(prange(stop), body), prange(start, "
                "stop) or prange(start, stop, step), with integers");
}

template <class... Call>
constexpr void refuse_order() {
  static_assert(called<Call...>,
                "parloop::parallel_for: the range comes first, then the body: parallel_for(range, body)");
}

template <class... Call>
constexpr void refuse_options() {
  static_assert(called<Call...>,
                "parloop::parallel_for: the options of a loop over indices ride on its range: "
                "parallel_for(prange(n).threads(2), body)");
}

template <class... Call>
constexpr void refuse_elements() {
  static_assert(called<Call...>,
                "parloop::parallel_for: the elements must be in a random-access container, as std::vector, std::array, "
                "std::span and std::deque are; of a std::list, a set or a map, make a std::vector of pointers first");
}

}  // namespace detail

template <std::integral Stop, class Body>
void parallel_for(Stop, const Body&) {
  detail::refuse_number<Body>();
}
template <std::integral Stop, class Body>
void parallel_for(backend&, Stop, const Body&) {
  detail::refuse_number<Body>();
}
template <std::integral Start, std::integral Stop, class Body>
void parallel_for(Start, Stop, const Body&) {
  detail::refuse_number<Body>();
}
template <std::integral Start, std::integral Stop, class Body>
void parallel_for(backend&, Start, Stop, const Body&) {
  detail::refuse_number<Body>();
}
template <std::integral Start, std::integral Stop, std::integral Step, class Body>
void parallel_for(Start, Stop, Step, const Body&) {
  detail::refuse_number<Body>();
}

template <detail::nothing_to_iterate Body, detail::has_range_options Range>
void parallel_for(const Body&, const Range&) {
  detail::refuse_order<Body>();
}
template <detail::nothing_to_iterate Body, detail::has_range_options Range>
void parallel_for(backend&, const Body&, const Range&) {
  detail::refuse_order<Body>();
}

template <detail::some_options Options, loop_range Range, class Body>
void parallel_for(const Options&, const Range&, const Body&) {
  detail::refuse_options<Body>();
}
template <detail::some_options Options, loop_range Range, class Body>
void parallel_for(backend&, const Options&, const Range&, const Body&) {
  detail::refuse_options<Body>();
}

template <detail::elements_in_a_row Container, class Function>
void parallel_for(Container&&, const Function&) {
  detail::refuse_elements<Function>();
}
template <detail::elements_in_a_row Container, class Function>
void parallel_for(backend&, Container&&, const Function&) {
  detail::refuse_elements<Function>();
}
template <detail::iterator_in_a_row Iterator, class Function>
void parallel_for(Iterator, Iterator, const Function&) {
  detail::refuse_elements<Function>();
}
template <detail::iterator_in_a_row Iterator, class Function>
void parallel_for(backend&, Iterator, Iterator, const Function&) {
  detail::refuse_elements<Function>();
}

}  // namespace parloop::inline v0_2
