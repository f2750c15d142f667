// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The results of a function for many inputs, as a vector in the order of the inputs.
#pragma once

#include <concepts>
#include <cstddef>
#include <iterator>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "../detail/algorithm/optional_answer.hpp"
#include "parallel_for.hpp"

namespace parloop::inline v0_2 {

namespace detail {

/// Whether results can be assigned to elements that exist already, by several threads at once.
template <class Result>
inline constexpr bool assigned_in_place =
    std::is_trivially_default_constructible_v<Result>&& std::is_trivially_copyable_v<Result> &&
    !std::is_same_v<Result, bool>;

/// Calls f(position, indices...) for the positions [begin, end) of the range, in order.
template <int N, stride Stride, class F>
void visit_positions(const range<N, Stride>& r, index_t begin, index_t end, const F& f) {
  index_t position = begin;
  detail::visit(r, begin, end, [&](auto... indices) { f(static_cast<std::size_t>(position++), indices...); });
}

template <class Result, int N, stride Stride, class F, class Watch>
auto map_indices(backend* b, const range<N, Stride>& range, const F& f, loop_options limits, Watch& watch) {
  const auto size = static_cast<std::size_t>(range.size());
  if constexpr (assigned_in_place<Result>) {
    std::vector<Result> results(size);
    Result* const first = results.data();
    detail::run_watched(b, range.size(), limits, watch, 1, [&range, &f, first](index_t begin, index_t end) {
      per_chunk<F> own = f;
      detail::visit_positions(range, begin, end,
                              [&, first](std::size_t p, auto... indices) { first[p] = own(indices...); });
    });
    return detail::answer(watch, std::move(results));
  } else {
    std::vector<std::optional<Result>> slots(size);
    detail::run_watched(b, range.size(), limits, watch, 1, [&](index_t begin, index_t end) {
      per_chunk<F> own = f;
      detail::visit_positions(range, begin, end,
                              [&](std::size_t p, auto... indices) { slots[p].emplace(own(indices...)); });
    });
    std::vector<Result> results;
    if (!watch.cut_short()) {
      results.reserve(size);
      for (std::optional<Result>& slot : slots) results.push_back(std::move(*slot));
    }
    return detail::answer(watch, std::move(results));
  }
}

template <int N, stride Stride, class F, class Watch>
auto map_range(backend* b, const range<N, Stride>& range, const F& f, loop_options limits, Watch& watch) {
  static_assert(takes_indices<F, N>,
                "parloop::parallel_map: the function must be callable as f(i), f(y, x) or f(z, y, x), one index_t per "
                "dimension of the range, and without changing itself (no `mutable` lambda: capture what changes by "
                "reference, pass std::ref(f))");
  if constexpr (takes_indices<F, N>) {
    using result = std::remove_cvref_t<body_result<F, N>>;
    static_assert(!std::is_void_v<result>, "parloop::parallel_map: the function must return something");
    if constexpr (!std::is_void_v<result>) return detail::map_indices<result>(b, range, f, limits, watch);
  }
}

template <int N, stride Stride, class F>
auto map_whole_range(backend* b, const range<N, Stride>& range, const F& f) {
  uncontrolled watch;
  return detail::map_range(b, range, f, range.options(), watch);
}

template <class Range, class Stop, class Progress, class F>
auto map_controlled(backend* b, const controlled_range<Range, Stop, Progress>& range, const F& f) {
  control watch(range);
  return detail::map_range(b, range.without_control(), f, range.without_control().options(), watch);
}

template <class Options, class Container, class F>
auto map_elements(backend* b, const Options& how, Container& container, const F& f) {
  const auto first = std::begin(container);
  using iterator = std::remove_const_t<decltype(first)>;
  constexpr bool callable = std::invocable<const F&, std::iter_reference_t<iterator>>;
  static_assert(callable,
                "parloop::parallel_map: the function must be callable with an element, and without changing itself (no "
                "`mutable` lambda: capture what changes by reference, pass std::ref(f))");
  if constexpr (callable) {
    const auto positions = prange(static_cast<index_t>(std::size(container)));
    const auto at = [first, &f](index_t i) -> decltype(auto) {
      return f(first[static_cast<std::iter_difference_t<iterator>>(i)]);
    };
    auto watch = detail::watch_over(how, positions.size());
    return detail::map_range(b, positions, at, detail::limits_of(how), watch);
  }
}

}  // namespace detail

/// The vector of f(i), f(y, x) or f(z, y, x) for all indices of `range`, in row-major order, computed in parallel on
/// `b` where that pays, in batches of at least the range's grain. Results need a move constructor, no default one. When
/// `f` throws, what was made is destroyed and the first exception is rethrown, as `parallel_for` does.
template <int N, stride Stride, class F>
[[nodiscard]] auto parallel_map(backend& b, const range<N, Stride>& range, const F& f) {
  return detail::map_whole_range(&b, range, f);
}

/// The same on the default backend.
template <int N, stride Stride, class F>
[[nodiscard]] auto parallel_map(const range<N, Stride>& range, const F& f) {
  return detail::map_whole_range(nullptr, range, f);
}

/// The same over a range with a stop token or a progress callback. With a token it returns a `std::optional`, empty
/// when not all iterations ran.
template <class Range, class Stop, class Progress, class F>
[[nodiscard]] auto parallel_map(backend& b, const controlled_range<Range, Stop, Progress>& range, const F& f) {
  return detail::map_controlled(&b, range, f);
}

/// The same on the default backend.
template <class Range, class Stop, class Progress, class F>
[[nodiscard]] auto parallel_map(const controlled_range<Range, Stop, Progress>& range, const F& f) {
  return detail::map_controlled(nullptr, range, f);
}

/// The vector of f(element) for all elements of a random-access container, array or span, in their order; as above.
template <detail::random_access Container, class F>
[[nodiscard]] auto parallel_map(backend& b, Container&& container, const F& f) {
  return detail::map_elements(&b, options(), container, f);
}

/// The same on the default backend.
template <detail::random_access Container, class F>
[[nodiscard]] auto parallel_map(Container&& container, const F& f) {
  return detail::map_elements(nullptr, options(), container, f);
}

/// The same, run as the options say; with a stop token in them, a `std::optional`, empty when it was stopped.
template <detail::setting Options, detail::random_access Container, class F>
[[nodiscard]] auto parallel_map(backend& b, const Options& how, Container&& container, const F& f) {
  return detail::map_elements(&b, how, container, f);
}

/// The same on the default backend.
template <detail::setting Options, detail::random_access Container, class F>
[[nodiscard]] auto parallel_map(const Options& how, Container&& container, const F& f) {
  return detail::map_elements(nullptr, how, container, f);
}

}  // namespace parloop::inline v0_2
