// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Calls a body for a stretch of a range's flattened iterations, in order, as inner loops that vectorise. For
/// algorithm/.
#pragma once

#include <algorithm>
#include <concepts>
#include <type_traits>

#include "../range.hpp"

namespace parloop::inline v0::detail {

template <stride Stride>
[[nodiscard]] constexpr index_t index_at(const axis& a, index_t position) noexcept {
  if constexpr (Stride == stride::one) return a.start + position;
  return a[position];
}

/// body(i) for the positions [begin, end) of the axis.
template <stride Stride, class Body>
void visit_run(const axis& a, index_t begin, index_t end, const Body& body) {
  if constexpr (Stride == stride::one) {
    const index_t stop = a.start + end;
    for (index_t i = a.start + begin; i < stop; ++i) body(i);
  } else {
    for (index_t p = begin; p < end; ++p) body(a[p]);
  }
}

template <stride Stride, class Body>
void visit(const range<1, Stride>& r, index_t begin, index_t end, const Body& body) {
  visit_run<Stride>(r.along(0), begin, end, body);
}

/// One division per stretch, none per index.
template <stride Stride, class Body>
void visit(const range<2, Stride>& r, index_t begin, index_t end, const Body& body) {
  const axis& columns = r.along(1);
  index_t y = begin / columns.count;
  index_t x = begin % columns.count;
  for (index_t left = end - begin; left > 0; ++y, x = 0) {
    const index_t run = std::min(left, columns.count - x);
    const index_t row = index_at<Stride>(r.along(0), y);
    visit_run<Stride>(columns, x, x + run, [&body, row](index_t column) { body(row, column); });
    left -= run;
  }
}

template <stride Stride, class Body>
void visit(const range<3, Stride>& r, index_t begin, index_t end, const Body& body) {
  const index_t plane_size = r.extent(1) * r.extent(2);
  index_t z = begin / plane_size;
  index_t within = begin % plane_size;
  for (index_t left = end - begin; left > 0; ++z, within = 0) {
    const index_t run = std::min(left, plane_size - within);
    const index_t plane = index_at<Stride>(r.along(0), z);
    // The plane as a two-dimensional range of its own.
    visit(range<2, Stride>(r.along(1), r.along(2)), within, within + run,
          [&body, plane](index_t row, index_t column) { body(plane, row, column); });
    left -= run;
  }
}

/// Whether a chunk should work on its own copy of the body: then the compiler sees that nothing else writes what the
/// body captured and keeps it in registers, where through a reference it would load it again in every iteration.
template <class Body>
inline constexpr bool copied_per_chunk = std::is_trivially_copyable_v<Body> && sizeof(Body) <= 128;

template <class Body>
using per_chunk = std::conditional_t<copied_per_chunk<Body>, const Body, const Body&>;

/// A body that can be called with the indices of an N-dimensional range.
template <class Body, int N>
inline constexpr bool takes_indices = false;
template <class Body>
inline constexpr bool takes_indices<Body, 1> = std::invocable<const Body&, index_t>;
template <class Body>
inline constexpr bool takes_indices<Body, 2> = std::invocable<const Body&, index_t, index_t>;
template <class Body>
inline constexpr bool takes_indices<Body, 3> = std::invocable<const Body&, index_t, index_t, index_t>;

}  // namespace parloop::inline v0::detail
