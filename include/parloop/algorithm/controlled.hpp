// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Loops over ranges with a stop token or a progress callback.
#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

#include "../controlled_range.hpp"
#include "../detail/algorithm/control.hpp"
#include "../detail/algorithm/optional_answer.hpp"
#include "parallel_for.hpp"
#include "parallel_reduce.hpp"

namespace parloop::inline v0_2 {

namespace detail {

template <int N, stride Stride, class Stop, class Progress, class Body>
auto for_each_index_controlled(backend* b, const controlled_range<range<N, Stride>, Stop, Progress>& controlled,
                               const Body& body) {
  static_assert(takes_indices<Body, N>,
                "parloop::parallel_for: the body must be callable as body(i), body(y, x) or body(z, y, x), one index_t "
                "per dimension of the range, and without changing itself (no `mutable` lambda: capture what changes by "
                "reference, pass std::ref(body), or make it in each chunk with parallel_for_chunks)");
  control watch(controlled);
  if constexpr (takes_indices<Body, N>) {
    const range<N, Stride>& range = controlled.without_control();
    detail::run_chunks(b, range.size(), range.options(), [&range, &body, &watch](index_t begin, index_t end) {
      per_chunk<Body> own = body;
      watch.in_blocks(begin, end, 1, [&](index_t first, index_t last) { detail::visit(range, first, last, own); });
    });
  }
  return detail::answer(watch);
}

template <int N, stride Stride, class Stop, class Progress, class Body>
auto for_each_chunk_controlled(backend* b, const controlled_range<range<N, Stride>, Stop, Progress>& controlled,
                               const Body& body) {
  constexpr bool callable = std::invocable<const Body&, index_t, index_t>;
  static_assert(callable,
                "parloop::parallel_for_chunks: the body must be callable as body(begin, end) with two index_t, and "
                "without changing itself (no `mutable` lambda: capture what changes by reference, pass std::ref(body), "
                "or make what changes inside, once for each chunk)");
  control watch(controlled);
  if constexpr (callable) {
    const range<N, Stride>& range = controlled.without_control();
    const index_t grain = larger<index_t>(range.options().grain, 1);
    detail::run_chunks(b, range.size(), range.options(), [grain, &body, &watch](index_t begin, index_t end) {
      watch.in_blocks(begin, end, grain, [&body](index_t first, index_t last) { body(first, last); });
    });
  }
  return detail::answer(watch);
}

template <class Controlled, class T, class Combine, class Body>
auto reduce_controlled(backend* b, const Controlled& range, const T& identity, const Combine& combine,
                       const Body& body) {
  control watch(range);
  T result = detail::reduce(b, range.without_control(), identity, combine, body, watch);
  return detail::answer(watch, std::move(result));
}

template <class Controlled, class Body>
auto sum_controlled(backend* b, const Controlled& range, const Body& body) {
  control watch(range);
  auto result = detail::sum(b, range.without_control(), body, watch);
  return detail::answer(watch, std::move(result));
}

}  // namespace detail

/// `parallel_for` over a range with a stop token or a progress callback. With a token it returns how far the loop came:
/// every index was run once or not at all, and `ran` is their exact number; with a callback alone it returns nothing.
/// What the body or the callback throws is rethrown instead.
template <class Range, class Stop, class Progress, class Body>
auto parallel_for(backend& b, const controlled_range<Range, Stop, Progress>& range, const Body& body) {
  return detail::for_each_index_controlled(&b, range, body);
}

/// The same on the default backend.
template <class Range, class Stop, class Progress, class Body>
auto parallel_for(const controlled_range<Range, Stop, Progress>& range, const Body& body) {
  return detail::for_each_index_controlled(static_cast<backend*>(nullptr), range, body);
}

/// `parallel_for_chunks` over a range with a stop token or a progress callback, in chunks of some ten microseconds, or
/// of the grain where that is longer. Returns as `parallel_for` over such a range.
template <class Range, class Stop, class Progress, class Body>
auto parallel_for_chunks(backend& b, const controlled_range<Range, Stop, Progress>& range, const Body& body) {
  return detail::for_each_chunk_controlled(&b, range, body);
}

/// The same on the default backend.
template <class Range, class Stop, class Progress, class Body>
auto parallel_for_chunks(const controlled_range<Range, Stop, Progress>& range, const Body& body) {
  return detail::for_each_chunk_controlled(static_cast<backend*>(nullptr), range, body);
}

/// `parallel_reduce` over a range with a stop token or a progress callback. With a token it returns a `std::optional`,
/// empty when not all iterations ran; with a callback alone, the result.
template <class Range, class Stop, class Progress, class T, class Combine, class Body>
[[nodiscard]] auto parallel_reduce(backend& b, const controlled_range<Range, Stop, Progress>& range, const T& identity,
                                   const Combine& combine, const Body& body) {
  return detail::reduce_controlled(&b, range, identity, combine, body);
}

/// The same on the default backend.
template <class Range, class Stop, class Progress, class T, class Combine, class Body>
[[nodiscard]] auto parallel_reduce(const controlled_range<Range, Stop, Progress>& range, const T& identity,
                                   const Combine& combine, const Body& body) {
  return detail::reduce_controlled(static_cast<backend*>(nullptr), range, identity, combine, body);
}

/// `parallel_sum` over a range with a stop token or a progress callback; returns as `parallel_reduce` over such a
/// range.
template <class Range, class Stop, class Progress, class Body>
[[nodiscard]] auto parallel_sum(backend& b, const controlled_range<Range, Stop, Progress>& range, const Body& body) {
  return detail::sum_controlled(&b, range, body);
}

/// The same on the default backend.
template <class Range, class Stop, class Progress, class Body>
[[nodiscard]] auto parallel_sum(const controlled_range<Range, Stop, Progress>& range, const Body& body) {
  return detail::sum_controlled(static_cast<backend*>(nullptr), range, body);
}

}  // namespace parloop::inline v0_2
