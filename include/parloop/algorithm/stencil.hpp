// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Stencils: every element of the output is a function of the input's elements around it, in one to three dimensions.
#pragma once

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "../border.hpp"
#include "../detail/algorithm/control.hpp"
#include "../detail/algorithm/optional_answer.hpp"
#include "../detail/algorithm/stencil_access.hpp"
#include "../detail/algorithm/visit.hpp"
#include "../detail/base/throw.hpp"
#include "../options.hpp"
#include "../view.hpp"

namespace parloop::inline v0_2 {

namespace detail {

template <class T, int N>
[[nodiscard]] range<N> all_of(const view<T, N>& v) {
  if constexpr (N == 1) return prange(v.extent(0));
  if constexpr (N == 2) return grid(v.extent(0), v.extent(1));
  if constexpr (N == 3) return grid(v.extent(0), v.extent(1), v.extent(2));
}

template <class A, class B, int N>
void require_same_shape_apart(const view<A, N>& in, const view<B, N>& out) {
  for (int d = 0; d < N; ++d) {
    if (in.extent(d) != out.extent(d)) {
      detail::throw_error(std::invalid_argument("parloop::stencil: the input is " + shape_text(in) +
                                                ", but the output is " + shape_text(out)));
    }
  }
  const auto from = reinterpret_cast<std::uintptr_t>(in.data());
  const auto to = reinterpret_cast<std::uintptr_t>(out.data());
  const auto count = static_cast<std::uintptr_t>(in.size());
  if (from < to + count * sizeof(B) && to < from + count * sizeof(A)) {
    detail::throw_error(std::invalid_argument("parloop::stencil: the output overlaps the input"));
  }
}

/// The shapes fit.
template <int Radius, class Watch, class T, class Out, int N, class F, class Border>
void run_stencil(backend* b, loop_options limits, Watch& watch, const view<const T, N>& in, const view<Out, N>& out,
                 const F& f, const Border& border) {
  static_assert(Radius >= 0 && Radius <= 1000, "parloop::stencil: the radius is between 0 and 1000");
  constexpr bool callable = std::is_invocable_r_v<Out, const F&, const inner_neighbours<T, N, Radius>&> &&
                            std::is_invocable_r_v<Out, const F&, const outer_neighbours<T, N, Radius, Border>&>;
  static_assert(callable,
                "parloop::stencil: the function must be callable as f(at), with `auto at`, which is called with one "
                "offset per dimension, must not change itself, and must return what the output can hold");
  if constexpr (callable) {
    const auto cells = all_of(in);
    detail::run_watched(b, cells.size(), limits, watch, 1, [&](index_t begin, index_t end) {
      per_chunk<F> own = f;
      detail::visit_runs(cells, begin, end, [&](index_t run_begin, index_t run_end, const auto& at) {
        at(
            [&](auto... indices) {
              const index_t first[N] = {indices...};
              stencil_row<N, Radius>(in, out.data(), first, run_end - run_begin, own, border);
            },
            run_begin);
      });
    });
  }
}

template <int Radius, class Options, class T, class Out, int N, class F, class Border>
auto one_step(backend* b, const Options& how, const view<T, N>& in, const view<Out, N>& out, const F& f,
              const Border& border) {
  require_same_shape_apart(in, out);
  auto watch = detail::watch_over(how, in.size());
  detail::run_stencil<Radius>(b, detail::limits_of(how), watch, view<const std::remove_const_t<T>, N>(in), out, f,
                              border);
  return detail::answer(watch);
}

/// The product, or the largest number where that is less.
[[nodiscard]] constexpr index_t at_most_all(index_t a, index_t b) noexcept {
  constexpr index_t most = (std::numeric_limits<index_t>::max)();
  return b != 0 && a > most / b ? most : a * b;
}

template <int Radius, class Options, class T, int N, class F, class Border>
auto run_steps(backend* b, const Options& how, view<T, N> from, view<T, N> to, index_t steps, const F& f,
               const Border& border) {
  if (steps < 0) detail::throw_error(std::invalid_argument("parloop::stencil_steps: the number of steps is negative"));
  require_same_shape_apart(from, to);
  auto watch = detail::watch_over(how, at_most_all(steps, from.size()));
  for (index_t step = 0; step < steps && !watch.cut_short(); ++step) {
    detail::run_stencil<Radius>(b, detail::limits_of(how), watch, view<const T, N>(from), to, f, border);
    std::swap(from, to);
  }
  return detail::answer(watch, std::move(from));
}

}  // namespace detail

/// out(y, x) = f(at) for every element, in parallel on `b` where that pays; at(dy, dx) is in(y + dy, x + dx), with as
/// many offsets as the views have dimensions, none farther than Radius; beyond the edges it is what `edge` says (see
/// `border`). Throws `std::invalid_argument` when the shapes differ or the views overlap, `std::out_of_range` for an
/// offset beyond Radius, and what `f` throws. The same bits at every width.
///     stencil(in, out, [](auto at) { return (at(-1) + at(0) + at(1)) / 3; }, border::nearest());
template <int Radius = 1, class T, class Out, int N, class F, class Border>
void stencil(backend& b, const view<T, N>& in, const view<Out, N>& out, const F& f, const Border& edge) {
  detail::one_step<Radius>(&b, options(), in, out, f, edge);
}

/// The same on the default backend.
template <int Radius = 1, class T, class Out, int N, class F, class Border>
void stencil(const view<T, N>& in, const view<Out, N>& out, const F& f, const Border& edge) {
  detail::one_step<Radius>(nullptr, options(), in, out, f, edge);
}

/// The same, run as the options say.
template <int Radius = 1, detail::setting Options, class T, class Out, int N, class F, class Border>
auto stencil(backend& b, const Options& how, const view<T, N>& in, const view<Out, N>& out, const F& f,
             const Border& edge) {
  return detail::one_step<Radius>(&b, how, in, out, f, edge);
}

/// The same on the default backend.
template <int Radius = 1, detail::setting Options, class T, class Out, int N, class F, class Border>
auto stencil(const Options& how, const view<T, N>& in, const view<Out, N>& out, const F& f, const Border& edge) {
  return detail::one_step<Radius>(nullptr, how, in, out, f, edge);
}

/// `steps` stencils one after another, from `now` to `next`, back, and so on. Returns the view that has the result:
/// `now` when `steps` is even, else `next`; the other one has the step before. Otherwise as `stencil`; throws
/// `std::invalid_argument` when `steps` is negative, too.
template <int Radius = 1, class T, int N, class F, class Border>
view<T, N> stencil_steps(backend& b, const view<T, N>& now, const view<T, N>& next, index_t steps, const F& f,
                         const Border& edge) {
  return detail::run_steps<Radius>(&b, options(), now, next, steps, f, edge);
}

/// The same on the default backend.
template <int Radius = 1, class T, int N, class F, class Border>
view<T, N> stencil_steps(const view<T, N>& now, const view<T, N>& next, index_t steps, const F& f, const Border& edge) {
  return detail::run_steps<Radius>(nullptr, options(), now, next, steps, f, edge);
}

/// The same, run as the options say.
template <int Radius = 1, detail::setting Options, class T, int N, class F, class Border>
auto stencil_steps(backend& b, const Options& how, const view<T, N>& now, const view<T, N>& next, index_t steps,
                   const F& f, const Border& edge) {
  return detail::run_steps<Radius>(&b, how, now, next, steps, f, edge);
}

/// The same on the default backend.
template <int Radius = 1, detail::setting Options, class T, int N, class F, class Border>
auto stencil_steps(const Options& how, const view<T, N>& now, const view<T, N>& next, index_t steps, const F& f,
                   const Border& edge) {
  return detail::run_steps<Radius>(nullptr, how, now, next, steps, f, edge);
}

}  // namespace parloop::inline v0_2
