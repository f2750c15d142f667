// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What a stencil's function gets to read its input with, and the loop along a row. For algorithm/stencil.hpp.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "../../border.hpp"
#include "../../view.hpp"
#include "../base/compare.hpp"
#include "../base/throw.hpp"

namespace parloop::inline v0_2::detail {

[[nodiscard]] constexpr index_t modulo(index_t i, index_t n) noexcept { return (i % n + n) % n; }

/// The index in [0, n) that stands for the index `i` outside.
[[nodiscard]] constexpr index_t index_inside(border::nearest, index_t i, index_t n) noexcept {
  return within<index_t>(i, 0, n - 1);
}
[[nodiscard]] constexpr index_t index_inside(border::reflect, index_t i, index_t n) noexcept {
  const index_t there_and_back = modulo(i, 2 * n);
  return smaller(there_and_back, 2 * n - 1 - there_and_back);
}
[[nodiscard]] constexpr index_t index_inside(border::wrap, index_t i, index_t n) noexcept { return modulo(i, n); }

template <class Border>
inline constexpr bool is_constant = false;
template <class T>
inline constexpr bool is_constant<border::constant<T>> = true;

[[noreturn, gnu::cold, gnu::noinline]] inline void refuse_offset(index_t offset, int radius) {
  throw_error(std::out_of_range("parloop::stencil: the function reads at offset " + std::to_string(offset) +
                                ", but the radius is " + std::to_string(radius) + ": write stencil<" +
                                std::to_string(offset < 0 ? -offset : offset) + ">(...)"));
}

/// What the function gets for an element whose neighbours all exist. The checks cost nothing where the offsets are
/// literals.
template <class T, int N, int Radius>
struct inner_neighbours {
  template <index_like... Offsets>
  requires(sizeof...(Offsets) == N) [[nodiscard, gnu::always_inline]] T operator()(Offsets... offsets) const {
    const index_t o[N] = {static_cast<index_t>(offsets)...};
    for (const index_t each : o) {
      if (each < -Radius || each > Radius) [[unlikely]]
        refuse_offset(each, Radius);
    }
    if constexpr (N == 1) return centre[o[0]];
    if constexpr (N == 2) return centre[o[0] * row + o[1]];
    if constexpr (N == 3) return centre[o[0] * plane + o[1] * row + o[2]];
  }

  const T* centre;
  index_t row;    // elements in one
  index_t plane;  // elements in one
};

/// The same for any element.
template <class T, int N, int Radius, class Border>
struct outer_neighbours {
  template <index_like... Offsets>
  requires(sizeof...(Offsets) == N) [[nodiscard, gnu::always_inline]] T operator()(Offsets... offsets) const {
    const index_t o[N] = {static_cast<index_t>(offsets)...};
    index_t position = 0;
    for (int d = 0; d < N; ++d) {
      if (o[d] < -Radius || o[d] > Radius) refuse_offset(o[d], Radius);
      index_t i = centre[d] + o[d];
      const index_t n = in.extent(d);
      if (o[d] != 0 && (i < 0 || i >= n)) {
        if constexpr (is_constant<Border>)
          return static_cast<T>(border.value);
        else
          i = index_inside(border, i, n);
      }
      position = position * n + i;
    }
    return in.data()[position];
  }

  const view<const T, N>& in;
  const Border& border;
  index_t centre[N];
};

/// Elements whose neighbours all exist. `out` is apart from the input.
template <int N, int Radius, class T, class Out, class F>
[[gnu::always_inline]] inline void stencil_inner(const T* in, Out* __restrict out, index_t count, index_t row,
                                                 index_t plane, const F& f) {
  for (index_t x = 0; x < count; ++x) {
    out[x] = static_cast<Out>(f(inner_neighbours<T, N, Radius>{in + x, row, plane}));
  }
}

/// `count` elements of a row from the indices `first` on.
template <int N, int Radius, class T, class Out, class F, class Border>
void stencil_row(const view<const T, N>& in, Out* out, const index_t (&first)[N], index_t count, const F& f,
                 const Border& border) {
  bool inner_row = true;
  index_t position = first[0];
  for (int d = 1; d < N; ++d) {
    inner_row = inner_row && first[d - 1] >= Radius && first[d - 1] < in.extent(d - 1) - Radius;
    position = position * in.extent(d) + first[d];
  }
  const index_t begin = first[N - 1];
  const index_t end = begin + count;
  const index_t nx = in.extent(N - 1);
  const index_t low = inner_row ? within<index_t>(Radius, begin, end) : end;
  const index_t high = larger(low, smaller(nx - Radius, end));
  outer_neighbours<T, N, Radius, Border> at{in, border, {}};
  for (int d = 0; d < N; ++d) at.centre[d] = first[d];
  const auto outer = [&](index_t from, index_t to) {
    for (index_t x = from; x < to; ++x) {
      at.centre[N - 1] = x;
      out[position + x - begin] = static_cast<Out>(f(std::as_const(at)));
    }
  };
  outer(begin, low);
  const index_t plane = N == 3 ? nx * in.extent(N - 2) : 0;
  stencil_inner<N, Radius>(in.data() + position + low - begin, out + position + low - begin, high - low, nx, plane, f);
  outer(high, end);
}

}  // namespace parloop::inline v0_2::detail
