// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Stencils on the GPU: every element of the output is a function of the input's elements around it.
#pragma once

#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "../border.hpp"
#include "operand.hpp"
#include "parallel_for.cuh"

namespace parloop::inline v0_2::cuda {

namespace detail {

/// The index in [0, n) that stands for the index `i` outside. Modulo only where one step of a period does not suffice.
[[nodiscard]] __device__ inline index_t periodic(index_t i, index_t period) {
  if (i < 0) i += period;
  if (i >= period) i -= period;
  return i >= 0 && i < period ? i : (i % period + period) % period;
}
[[nodiscard]] __device__ inline index_t index_inside(border::nearest, index_t i, index_t n) {
  return i < 0 ? 0 : i < n ? i : n - 1;
}
[[nodiscard]] __device__ inline index_t index_inside(border::reflect, index_t i, index_t n) {
  const index_t there_and_back = periodic(i, 2 * n);
  return there_and_back < n ? there_and_back : 2 * n - 1 - there_and_back;
}
[[nodiscard]] __device__ inline index_t index_inside(border::wrap, index_t i, index_t n) { return periodic(i, n); }

template <class Border>
inline constexpr bool is_constant = false;
template <class T>
inline constexpr bool is_constant<border::constant<T>> = true;

/// The kernel ends with a fault where an offset is larger than was agreed on: nothing can be thrown there. Costs
/// nothing where offsets are literals.
template <int Radius>
__device__ void require_near(index_t offset) {
  if (offset < -Radius || offset > Radius) __trap();
}

/// What the function gets for an element whose neighbours all exist.
template <class T, int N, int Radius>
struct inner_neighbours {
  template <index_like... Offsets>
  requires(sizeof...(Offsets) == N) [[nodiscard]] __device__ T operator()(Offsets... offsets) const {
    const index_t o[] = {static_cast<index_t>(offsets)...};
    index_t position = 0;
    for (int d = 0; d < N; ++d) {
      require_near<Radius>(o[d]);
      position += o[d] * apart[d];
    }
    return centre[position];
  }

  const T* centre;
  index_t apart[N];  // elements between neighbours along a dimension
};

/// The same for any element.
template <class T, int N, int Radius, class Border>
struct outer_neighbours {
  template <index_like... Offsets>
  requires(sizeof...(Offsets) == N) [[nodiscard]] __device__ T operator()(Offsets... offsets) const {
    const index_t o[] = {static_cast<index_t>(offsets)...};
    index_t position = 0;
    for (int d = 0; d < N; ++d) {
      require_near<Radius>(o[d]);
      index_t i = centre[d] + o[d];
      if (o[d] != 0 && (i < 0 || i >= extents[d])) {
        if constexpr (is_constant<Border>) return static_cast<T>(edge.value);
        if constexpr (!is_constant<Border>) i = index_inside(edge, i, extents[d]);
      }
      position = position * extents[d] + i;
    }
    return in[position];
  }

  const T* in;
  const index_t (&extents)[N];
  const Border& edge;
  index_t centre[N];
};

/// One element of a stencil, as the body of a loop over all.
template <int N, int Radius, class T, class Out, class F, class Border>
struct stencil_element {
  template <class... Indices>
  __device__ void operator()(Indices... indices) const {
    const index_t at[] = {indices...};
    bool inner = true;
    index_t position = 0;
    for (int d = 0; d < N; ++d) {
      inner = inner && at[d] >= Radius && at[d] < extents[d] - Radius;
      position = position * extents[d] + at[d];
    }
    if (inner) {
      inner_neighbours<T, N, Radius> made{in + position, {}};
      index_t apart = 1;
      for (int d = N - 1; d >= 0; --d) {
        made.apart[d] = apart;
        apart *= extents[d];
      }
      const auto& neighbours = made;
      out[position] = static_cast<Out>(f(neighbours));
    } else {
      const outer_neighbours<T, N, Radius, Border> neighbours{in, extents, edge, {indices...}};
      out[position] = static_cast<Out>(f(neighbours));
    }
  }

  const T* in;
  Out* out;
  index_t extents[N];
  F f;
  Border edge;
};

template <class T, int N>
[[nodiscard]] range<N> all_of(const device_view<T, N>& v) {
  if constexpr (N == 1) return prange(v.extent(0));
  if constexpr (N == 2) return grid(v.extent(0), v.extent(1));
  if constexpr (N == 3) return grid(v.extent(0), v.extent(1), v.extent(2));
}

template <class In, class Out, int N>
void require_apart(const device_view<In, N>& in, const device_view<Out, N>& out, int device, const char* what) {
  require_device(out, device, what);
  require_fit(out, in, device, what);
  if (out.size() > 0 && static_cast<const void*>(in.data()) == static_cast<const void*>(out.data())) {
    throw std::invalid_argument(std::string("parloop: ") + what + ": the output overlaps the input");
  }
}

/// The shapes fit.
template <int Radius, class In, class Out, int N, class F, class Border>
void run_stencil(const on_stream& at, const char* name, const device_view<In, N>& in, const device_view<Out, N>& out,
                 const F& f, const Border& edge) {
  using T = std::remove_const_t<In>;
  static_assert(Radius >= 0 && Radius <= 1000, "parloop::cuda::stencil: the radius is between 0 and 1000");
  static_assert(!std::is_const_v<Out>, "parloop::cuda::stencil: the output's elements are const");
  stencil_element<N, Radius, T, Out, F, Border> element{in.data(), out.data(), {}, f, edge};
  for (int d = 0; d < N; ++d) element.extents[d] = in.extent(d);
  run_loop(at, name, all_of(in), element);
}

}  // namespace detail

/// Queues out(y, x) = f(at) for every element; at(dy, dx) is in(y + dy, x + dx), with as many offsets as the arrays
/// have dimensions, none farther than Radius; beyond the edges it is what `edge` says (see `border`). `f` is a
/// `__device__` lambda with `auto at`; arrays or views of one shape on the current device. Throws
/// `std::invalid_argument` when the shapes differ or the arrays overlap, and `cuda_error`. An offset beyond Radius ends
/// the kernel with a fault.
///     stencil(s, in, out, [] __device__(auto at) { return (at(-1) + at(0) + at(1)) / 3; }, border::nearest());
template <int Radius = 1, class Input, class Output, class F, class Border>
void stencil(on_stream at, const Input& input, Output&& output, const F& f, const Border& edge) {
  const auto in = detail::view_of(input);
  const auto out = detail::view_of(output);
  detail::require_apart(in, out, detail::current_device(at.where()), "stencil");
  detail::run_stencil<Radius>(at, "stencil", in, out, f, edge);
}

/// Queues `steps` stencils one after another, from `now` to `next`, back, and so on. Returns a view of the one that
/// will have the result: `now` when `steps` is even, else `next`; the other one has the step before. Otherwise as
/// `stencil`; throws `std::invalid_argument` when `steps` is negative, too.
template <int Radius = 1, class Now, class Next, class F, class Border>
[[nodiscard]] auto stencil_steps(on_stream at, Now&& now, Next&& next, index_t steps, const F& f, const Border& edge) {
  if (steps < 0) throw std::invalid_argument("parloop: stencil_steps: the number of steps is negative");
  auto from = detail::view_of(now);
  decltype(from) to = detail::view_of(next);
  detail::require_apart(from, to, detail::current_device(at.where()), "stencil_steps");
  for (index_t step = 0; step < steps; ++step) {
    detail::run_stencil<Radius>(at, "stencil_steps", from, to, f, edge);
    std::swap(from, to);
  }
  return from;
}

}  // namespace parloop::inline v0_2::cuda
