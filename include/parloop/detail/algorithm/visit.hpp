// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Calls a body for a stretch of a range's flattened iterations, in order, as inner loops that vectorise. For
/// algorithm/.
#pragma once

#include <type_traits>

#include "../../range.hpp"
#include "../base/compare.hpp"

namespace parloop::inline v0_2::detail {

template <stride Stride>
[[nodiscard]] constexpr index_t index_at(const axis& a, index_t position) noexcept {
  if constexpr (Stride == stride::one) return a.start + position;
  return a[position];
}

/// Calls run(begin, end, at) for each stretch of the positions [begin, end) along the last dimension, in order; at(f,
/// p) calls f with the indices of the stretch's position p. One division per call, none per index.
template <stride Stride, class Run>
void visit_runs(const range<1, Stride>& r, index_t begin, index_t end, const Run& run) {
  const axis a = r.along(0);
  run(begin, end, [a](const auto& f, index_t p) -> decltype(auto) { return f(index_at<Stride>(a, p)); });
}

template <stride Stride, class Run>
void visit_runs(const range<2, Stride>& r, index_t begin, index_t end, const Run& run) {
  const axis columns = r.along(1);
  index_t y = begin / columns.count;
  index_t x = begin % columns.count;
  for (index_t left = end - begin; left > 0; ++y) {
    const index_t stop = smaller(x + left, columns.count);
    const index_t row = index_at<Stride>(r.along(0), y);
    run(x, stop,
        [columns, row](const auto& f, index_t p) -> decltype(auto) { return f(row, index_at<Stride>(columns, p)); });
    left -= stop - x;
    x = 0;
  }
}

template <stride Stride, class Run>
void visit_runs(const range<3, Stride>& r, index_t begin, index_t end, const Run& run) {
  const range<2, Stride> plane(r.along(1), r.along(2));
  index_t z = begin / plane.size();
  index_t within = begin % plane.size();
  for (index_t left = end - begin; left > 0; ++z) {
    const index_t stop = smaller(within + left, plane.size());
    const index_t depth = index_at<Stride>(r.along(0), z);
    detail::visit_runs(plane, within, stop, [&run, depth](index_t run_begin, index_t run_end, const auto& at) {
      run(run_begin, run_end, [&at, depth](const auto& f, index_t p) -> decltype(auto) {
        return at([&f, depth](index_t y, index_t x) -> decltype(auto) { return f(depth, y, x); }, p);
      });
    });
    left -= stop - within;
    within = 0;
  }
}

/// body(i), body(y, x) or body(z, y, x) for the positions [begin, end) of the range, in order.
template <int N, stride Stride, class Body>
void visit(const range<N, Stride>& r, index_t begin, index_t end, const Body& body) {
  if constexpr (N == 1) {  // the commonest, so it passes through no other functions
    const axis a = r.along(0);
    for (index_t p = begin; p < end; ++p) body(index_at<Stride>(a, p));
  } else {
    detail::visit_runs(r, begin, end, [&body](index_t run_begin, index_t run_end, const auto& at) {
      for (index_t p = run_begin; p < run_end; ++p) at(body, p);
    });
  }
}

/// Whether a chunk should work on its own copy of the body: then the compiler sees that nothing else writes what the
/// body captured and keeps it in registers, where through a reference it would load it again in every iteration.
template <class Body>
inline constexpr bool copied_per_chunk = [] {
  if constexpr (std::is_function_v<Body>)
    return false;
  else
    return std::is_trivially_copyable_v<Body> && sizeof(Body) <= 128;
}();

template <class Body>
using per_chunk = std::conditional_t<copied_per_chunk<Body>, const Body, const Body&>;

template <class Body, int N>
struct call_with_indices;
template <class Body>
struct call_with_indices<Body, 1> : std::invoke_result<const Body&, index_t> {};
template <class Body>
struct call_with_indices<Body, 2> : std::invoke_result<const Body&, index_t, index_t> {};
template <class Body>
struct call_with_indices<Body, 3> : std::invoke_result<const Body&, index_t, index_t, index_t> {};

/// Whether a body can be called with the indices of an N-dimensional range.
template <class Body, int N>
inline constexpr bool takes_indices = requires {
  typename call_with_indices<Body, N>::type;
};

/// What it returns then.
template <class Body, int N>
using body_result = typename call_with_indices<Body, N>::type;

/// False for a body that can be called and returns nothing; what cannot be called is another mistake.
template <class Body, int N>
inline constexpr bool returns_something = [] {
  if constexpr (takes_indices<Body, N>) return !std::is_void_v<body_result<Body, N>>;
  return true;
}();

}  // namespace parloop::inline v0_2::detail
