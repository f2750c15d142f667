// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Smallest and largest values, and where they are. Their results are the same on every backend and at any width.
#pragma once

#include <array>
#include <limits>
#include <optional>
#include <stdexcept>

#include "../controlled_range.hpp"
#include "../detail/algorithm/control.hpp"
#include "../detail/base/throw.hpp"
#include "parallel_reduce.hpp"

namespace parloop::inline v0_2 {

/// A value and the index of the first iteration that has it: an `index_t`, or an array of them for two and three
/// dimensions, slowest first.
template <class T, int N>
struct extremum {
  T value;  ///< the smallest or largest
  /// Where the first of that value is.
  std::conditional_t<N == 1, index_t, std::array<index_t, static_cast<std::size_t>(N)>> index;
};

namespace detail {

enum class end_of_order { smallest, largest };

/// Whether `a` comes before `b` on the way to the wanted end. Every number comes before a NaN, so that NaNs count only
/// where there is nothing else.
template <end_of_order Which, class T>
constexpr bool better(const T& a, const T& b) {
  if constexpr (std::floating_point<T>) {
    const bool ordered = Which == end_of_order::smallest ? a < b : b < a;
    return ordered || (b != b && a == a);
  } else {
    return Which == end_of_order::smallest ? a < b : b < a;
  }
}

/// The value that every other is at least as good as.
template <end_of_order Which, class T>
constexpr T worst() noexcept {
  if constexpr (std::floating_point<T>) return std::numeric_limits<T>::quiet_NaN();
  return Which == end_of_order::smallest ? (std::numeric_limits<T>::max)() : (std::numeric_limits<T>::lowest)();
}

template <int N, stride Stride>
constexpr auto indices_at(const range<N, Stride>& r, index_t position) noexcept {
  if constexpr (N == 1) {
    return r.along(0)[position];
  } else {
    std::array<index_t, static_cast<std::size_t>(N)> indices{};
    for (int d = N - 1; d >= 0; --d) {
      indices[static_cast<std::size_t>(d)] = r.along(d)[position % r.extent(d)];
      position /= r.extent(d);
    }
    return indices;
  }
}

/// The extremum of all iterations; nothing, or that of some, when `watch`, a control, stopped the loop.
template <end_of_order Which, int N, stride Stride, class Body, class Control>
auto locate(backend* b, const range<N, Stride>& range, const Body& body, Control& watch) {
  using T = std::remove_cvref_t<body_result<Body, N>>;
  struct found {
    T value;
    index_t position;
  };
  // Of equals the left one stays: the first in order.
  const auto combine = [](std::optional<found> left, std::optional<found> right) {
    if (!left || (right && better<Which>(right->value, left->value))) return right;
    return left;
  };
  const auto fold = [&](index_t begin, index_t end) {
    per_chunk<Body> own = body;
    std::optional<found> best;
    index_t position = begin;
    detail::visit_runs(range, begin, end, [&](index_t run_begin, index_t run_end, const auto& at) {
      for (index_t p = run_begin; p < run_end; ++p, ++position) {
        T value = at(own, p);
        if (!best || better<Which>(value, best->value)) best.emplace(found{std::move(value), position});
      }
    });
    return best;
  };
  const std::optional<found> none;
  std::optional<found> best = detail::reduce_blocks(b, range, none, combine, fold, watch);
  std::optional<extremum<T, N>> result;
  if (best) result.emplace(extremum<T, N>{std::move(best->value), indices_at(range, best->position)});
  return result;
}

/// The value alone, in lanes where it is a number.
template <end_of_order Which, int N, stride Stride, class Body, class Control>
auto locate_value(backend* b, const range<N, Stride>& range, const Body& body, Control& watch) {
  using T = std::remove_cvref_t<body_result<Body, N>>;
  std::optional<T> result;
  if constexpr (std::is_arithmetic_v<T> && !std::same_as<T, bool>) {
    constexpr auto choose = [](T left, T right) { return better<Which>(right, left) ? right : left; };
    const auto fold = [&](index_t begin, index_t end) {
      per_chunk<Body> own = body;
      return detail::fold_in_lanes<lanes_of<T>>(range, begin, end, own, worst<Which, T>(), choose);
    };
    result = detail::reduce_blocks<T>(b, range, worst<Which, T>(), choose, fold, watch);
  } else if (auto found = locate<Which>(b, range, body, watch)) {
    result.emplace(std::move(found->value));
  }
  return result;
}

/// Checks what the user passed, and returns what find(plain range, control) finds.
template <class Body, class Range, class Find>
auto extremum_of(const Range& range, const Find& find) {
  constexpr bool callable = takes_indices<Body, Range::dimensions>;
  static_assert(callable,
                "parloop: the body of a minimum or maximum must be callable as body(i), body(y, x) or body(z, y, x), "
                "one index_t per dimension of the range, and without changing itself (no `mutable` lambda: capture "
                "what changes by reference, pass std::ref(body))");
  constexpr bool returns = returns_something<Body, Range::dimensions>;
  static_assert(returns,
                "parloop: the body of a minimum or maximum must return what is to be compared; it returns nothing");
  if constexpr (callable && returns) {
    if (range.size() == 0)
      detail::throw_error(std::invalid_argument("parloop: an empty range has no smallest or largest value"));
    if constexpr (!decltype(controls(range))::value) {
      return *find(range, free_running);
    } else {
      control watch(range);
      auto found = find(range.without_control(), watch);
      const bool complete = watch.end().complete();
      if constexpr (!Range::can_stop) return *std::move(found);
      if constexpr (Range::can_stop) return complete ? std::move(found) : std::nullopt;
    }
  }
}

template <end_of_order Which, class Range, class Body>
auto find_extremum(backend* b, const Range& range, const Body& body) {
  return extremum_of<Body>(range, [&](const auto& plain, auto& watch) { return locate<Which>(b, plain, body, watch); });
}

template <end_of_order Which, class Range, class Body>
auto extreme_value(backend* b, const Range& range, const Body& body) {
  return extremum_of<Body>(range,
                           [&](const auto& plain, auto& watch) { return locate_value<Which>(b, plain, body, watch); });
}

}  // namespace detail

/// The smallest body(i), body(y, x) or body(z, y, x) over all indices of `range`, by operator<. NaNs count only where
/// there is nothing else. Throws `std::invalid_argument` when the range is empty; the body's exceptions as in
/// `parallel_for`. Over a range with a stop token: a `std::optional`, empty when not all iterations ran.
template <loop_range Range, class Body>
[[nodiscard]] auto parallel_min(backend& b, const Range& range, const Body& body) {
  return detail::extreme_value<detail::end_of_order::smallest>(&b, range, body);
}

/// The same on the default backend.
template <loop_range Range, class Body>
[[nodiscard]] auto parallel_min(const Range& range, const Body& body) {
  return detail::extreme_value<detail::end_of_order::smallest>(nullptr, range, body);
}

/// The largest; otherwise as `parallel_min`.
template <loop_range Range, class Body>
[[nodiscard]] auto parallel_max(backend& b, const Range& range, const Body& body) {
  return detail::extreme_value<detail::end_of_order::largest>(&b, range, body);
}

/// The same on the default backend.
template <loop_range Range, class Body>
[[nodiscard]] auto parallel_max(const Range& range, const Body& body) {
  return detail::extreme_value<detail::end_of_order::largest>(nullptr, range, body);
}

/// The smallest value and the index of the first iteration, in row-major order, that has it; otherwise as
/// `parallel_min`.
template <loop_range Range, class Body>
[[nodiscard]] auto parallel_argmin(backend& b, const Range& range, const Body& body) {
  return detail::find_extremum<detail::end_of_order::smallest>(&b, range, body);
}

/// The same on the default backend.
template <loop_range Range, class Body>
[[nodiscard]] auto parallel_argmin(const Range& range, const Body& body) {
  return detail::find_extremum<detail::end_of_order::smallest>(nullptr, range, body);
}

/// The largest value and the index of the first iteration, in row-major order, that has it; otherwise as
/// `parallel_min`.
template <loop_range Range, class Body>
[[nodiscard]] auto parallel_argmax(backend& b, const Range& range, const Body& body) {
  return detail::find_extremum<detail::end_of_order::largest>(&b, range, body);
}

/// The same on the default backend.
template <loop_range Range, class Body>
[[nodiscard]] auto parallel_argmax(const Range& range, const Body& body) {
  return detail::find_extremum<detail::end_of_order::largest>(nullptr, range, body);
}

}  // namespace parloop::inline v0_2
