// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The parallel loop: over index ranges, over chunks of them, over containers.
#pragma once

#include <concepts>
#include <type_traits>

#include "../detail/algorithm/control.hpp"
#include "../detail/algorithm/refused_calls.hpp"
#include "../detail/algorithm/visit.hpp"
#include "../detail/base/iterators.hpp"
#include "../options.hpp"
#include "../range.hpp"

namespace parloop::inline v0_2 {

namespace detail {

/// Whether T is a backend, so that overloads without one do not take it for a container.
template <class T>
concept some_backend = std::derived_from<std::remove_cvref_t<T>, backend>;

/// What may be a function to call.
template <class T>
concept callee = !some_backend<T> && !setting<T>;

template <class Container>
concept random_access = !index_range<Container> && !some_backend<Container> && requires(Container & c) {
  { std::begin(c) } -> std::random_access_iterator;
  { std::size(c) } -> std::convertible_to<std::size_t>;
};

/// The references of std::vector<bool>, without its header: to a bit among others in a byte.
template <class Reference>
concept refers_to_a_bit = std::convertible_to<Reference, bool> && requires(Reference bit) {
  bit.flip();
};

template <int N, stride Stride, class Body>
void for_each_index(backend* b, const range<N, Stride>& range, const Body& body) {
  static_assert(takes_indices<Body, N>,
                "parloop::parallel_for: the body must be callable as body(i), body(y, x) or body(z, y, x), one index_t "
                "per dimension of the range, and without changing itself (no `mutable` lambda: capture what changes by "
                "reference, pass std::ref(body), or make it in each chunk with parallel_for_chunks)");
  if constexpr (takes_indices<Body, N>) {
    detail::run_chunks(b, range.size(), range.options(), [&range, &body](index_t begin, index_t end) {
      per_chunk<Body> own = body;
      detail::visit(range, begin, end, own);
    });
  }
}

template <int N, stride Stride, class Body>
void for_each_chunk(backend* b, const range<N, Stride>& range, const Body& body) {
  constexpr bool callable = std::invocable<const Body&, index_t, index_t>;
  static_assert(callable,
                "parloop::parallel_for_chunks: the body must be callable as body(begin, end) with two index_t, and "
                "without changing itself (no `mutable` lambda: capture what changes by reference, pass std::ref(body), "
                "or make what changes inside, once for each chunk)");
  if constexpr (callable) {
    detail::run_chunks(b, range.size(), range.options(), [&body](index_t begin, index_t end) { body(begin, end); });
  }
}

/// body(i) for the positions of n elements, rows or functions.
template <class Options, class Body>
auto for_each_position(backend* b, const Options& how, index_t n, const Body& body) {
  auto watch = detail::watch_over(how, n);
  detail::run_watched(b, n, detail::limits_of(how), watch, 1, [&body](index_t begin, index_t end) {
    per_chunk<Body> own = body;
    for (index_t i = begin; i < end; ++i) own(i);
  });
  return detail::answer(watch);
}

template <class Options, class Iterator, class Function>
auto for_each_element(backend* b, const Options& how, Iterator first, Iterator last, const Function& f) {
  constexpr bool callable = std::invocable<const Function&, std::iter_reference_t<Iterator>>;
  static_assert(
      callable,
      "parloop::parallel_for: the function must be callable with an element, and without changing itself "
      "(no `mutable` lambda: capture what changes by reference, pass std::ref(f), or make it in each chunk with "
      "parallel_for_chunks)");
  constexpr bool separate = !refers_to_a_bit<std::iter_reference_t<Iterator>>;
  static_assert(separate,
                "parloop::parallel_for: the elements of std::vector<bool> share bytes, so several threads cannot write "
                "them at once; use std::vector<char>, or a const std::vector<bool> to read");
  if constexpr (callable && separate) {
    return detail::for_each_position(b, how, static_cast<index_t>(last - first), [first, &f](index_t i) {
      f(first[static_cast<std::iter_difference_t<Iterator>>(i)]);
    });
  }
}

}  // namespace detail

/// Calls body(i), body(y, x) or body(z, y, x) once for every index of `range`, in parallel on `b` where that pays, in
/// any order. Returns when all have run; what they wrote is visible then. The body is called by several threads at the
/// same time, through a const reference or a copy; no call may wait for another, or write what another reads or
/// writes. The first exception that it throws is rethrown when the calls that have started have ended; the remaining
/// ones are skipped.
template <int N, stride Stride, class Body>
void parallel_for(backend& b, const range<N, Stride>& range, const Body& body) {
  detail::for_each_index(&b, range, body);
}

/// The same on the default backend.
template <int N, stride Stride, class Body>
void parallel_for(const range<N, Stride>& range, const Body& body) {
  detail::for_each_index(nullptr, range, body);
}

/// Calls body(begin, end) for pieces [begin, end) that together cover the positions [0, range.size()) exactly once, in
/// parallel on `b` where that pays. For bodies that have a better way to run many iterations than one by one. Positions
/// count the range's iterations in row-major order. Otherwise as `parallel_for`.
template <int N, stride Stride, class Body>
void parallel_for_chunks(backend& b, const range<N, Stride>& range, const Body& body) {
  detail::for_each_chunk(&b, range, body);
}

/// The same on the default backend.
template <int N, stride Stride, class Body>
void parallel_for_chunks(const range<N, Stride>& range, const Body& body) {
  detail::for_each_chunk(nullptr, range, body);
}

/// Calls f(*it) once for every iterator in [first, last), in parallel on `b` where that pays; as `parallel_for` over
/// indices otherwise. The iterators are random-access, and different ones refer to different elements.
template <std::random_access_iterator Iterator, class Function>
void parallel_for(backend& b, Iterator first, Iterator last, const Function& f) {
  detail::for_each_element(&b, options(), first, last, f);
}

/// The same on the default backend.
template <std::random_access_iterator Iterator, class Function>
void parallel_for(Iterator first, Iterator last, const Function& f) {
  detail::for_each_element(nullptr, options(), first, last, f);
}

/// The same, run as the options say.
template <detail::some_options Options, std::random_access_iterator Iterator, class Function>
auto parallel_for(backend& b, const Options& how, Iterator first, Iterator last, const Function& f) {
  return detail::for_each_element(&b, how, first, last, f);
}

/// The same on the default backend.
template <detail::some_options Options, std::random_access_iterator Iterator, class Function>
auto parallel_for(const Options& how, Iterator first, Iterator last, const Function& f) {
  return detail::for_each_element(nullptr, how, first, last, f);
}

/// Calls f(element) once for every element of a random-access container, array or span; as above.
template <detail::random_access Container, class Function>
void parallel_for(backend& b, Container&& container, const Function& f) {
  detail::for_each_element(&b, options(), std::begin(container), std::begin(container) + std::ssize(container), f);
}

/// The same on the default backend.
template <detail::random_access Container, class Function>
void parallel_for(Container&& container, const Function& f) {
  detail::for_each_element(nullptr, options(), std::begin(container), std::begin(container) + std::ssize(container), f);
}

/// The same, run as the options say.
template <detail::some_options Options, detail::random_access Container, class Function>
auto parallel_for(backend& b, const Options& how, Container&& container, const Function& f) {
  return detail::for_each_element(&b, how, std::begin(container), std::begin(container) + std::ssize(container), f);
}

/// The same on the default backend.
template <detail::some_options Options, detail::random_access Container, class Function>
auto parallel_for(const Options& how, Container&& container, const Function& f) {
  return detail::for_each_element(nullptr, how, std::begin(container), std::begin(container) + std::ssize(container),
                                  f);
}

}  // namespace parloop::inline v0_2
