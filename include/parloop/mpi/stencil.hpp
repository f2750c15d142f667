// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Stencils over arrays that are spread over ranks: while rows travel, each rank computes what does not need them.
#pragma once

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

#include "../algorithm/stencil.hpp"
#include "../detail/mpi/halo_exchange.hpp"
#include "../detail/mpi/rank_control.hpp"
#include "transform.hpp"

namespace parloop::inline v0_2 {

namespace detail {

/// A view of whole rows, with as many elements in each as `shape` has.
template <class U, class T, int N>
[[nodiscard]] view<U, N> rows_like(const mpi::array<T, N>& shape, U* first, index_t rows) {
  if constexpr (N == 1) return view<U, N>(first, rows);
  if constexpr (N == 2) return view<U, N>(first, rows, shape.extent(1));
  if constexpr (N == 3) return view<U, N>(first, rows, shape.extent(1), shape.extent(2));
}

/// One stencil's way over the rows of a rank, again and again.
template <int Radius, class T, int N, class F, class Border, class Control>
class rank_stencil {
 public:
  rank_stencil(const mpi::array<T, N>& shape, const F& f, const Border& border, Control& control)
      : shape_(shape),
        f_(f),
        border_(border),
        control_(control),
        halo_(state_of(shape.ranks()), shape.extent(0), shape.row_size(), Radius,
              std::is_same_v<Border, border::wrap> ? halo_ends::joined : halo_ends::open) {}

  /// Collective. What is thrown is kept: the other ranks count on this one's rows.
  void step(const mpi::array<T, N>& in, mpi::array<T, N>& out) {
    const index_t rows = in.rows();
    const bool apart = rows > 2 * Radius;
    halo_.start(in.data());
    if (apart) keep([&] { compute(in.local(), out.data(), {Radius, rows - Radius}); });
    halo_.finish(control_.watch());
    if (rows == 0) return;
    keep([&] {
      if (apart) {
        edge(in, out, {0, 2 * Radius}, {0, Radius});
        edge(in, out, {rows - 2 * Radius, rows}, {rows - Radius, rows});
      } else {
        edge(in, out, {0, rows}, {0, rows});
      }
    });
  }
  void rethrow() const {
    if (thrown_ != nullptr) std::rethrow_exception(thrown_);
  }

 private:
  template <class Work>
  void keep(const Work& work) noexcept {
    if (thrown_ != nullptr) return;
    try {
      work();
    } catch (...) {
      thrown_ = std::current_exception();
      control_.watch().stop();
    }
  }

  /// The rows `to` of this rank, by way of a copy of its rows `from` and those of other ranks next to them.
  void edge(const mpi::array<T, N>& in, mpi::array<T, N>& out, stretch from, stretch to) {
    const index_t width = in.row_size();
    const index_t above = from.begin == 0 ? halo_.rows_above() : 0;
    const index_t below = from.end == in.rows() ? halo_.rows_below() : 0;
    const index_t rows = above + from.size() + below;
    from_.resize(static_cast<std::size_t>(rows * width));
    to_.resize(from_.size());
    T* const own = std::copy_n(halo_.above(), above * width, from_.data());
    T* const last = std::copy_n(in.data() + from.begin * width, from.size() * width, own);
    std::copy_n(halo_.below(), below * width, last);
    const index_t shift = above - from.begin;
    compute(rows_like<const T>(shape_, from_.data(), rows), to_.data(), {to.begin + shift, to.end + shift});
    std::copy_n(to_.data() + (to.begin + shift) * width, to.size() * width, out.data() + to.begin * width);
  }

  void compute(const view<const T, N>& in, T* out, stretch rows) {
    const auto cells = [&] {
      const auto first = prange(rows.begin, rows.end);
      if constexpr (N == 1) return first;
      if constexpr (N == 2) return grid(first, prange(in.extent(1)));
      if constexpr (N == 3) return grid(first, prange(in.extent(1)), prange(in.extent(2)));
    }();
    control_.run(shape_.ranks().local_backend(), {}, cells.size(), [&](index_t begin, index_t end) {
      per_chunk<F> own = f_;
      detail::visit_runs(cells, begin, end, [&](index_t run_begin, index_t run_end, const auto& at) {
        at(
            [&](auto... indices) {
              const index_t first[N] = {indices...};
              stencil_row<N, Radius>(in, out, first, run_end - run_begin, own, border_);
            },
            run_begin);
      });
    });
  }

  const mpi::array<T, N>& shape_;
  const F& f_;
  const Border& border_;
  Control& control_;
  halo_exchange<T> halo_;
  std::exception_ptr thrown_;
  std::vector<T> from_, to_;
};

template <int Radius, class T, int N, class F, class Border>
mpi::array<T, N>& stencil_over_ranks(mpi::array<T, N>& now, mpi::array<T, N>& next, index_t steps, const F& f,
                                     const Border& border) {
  static_assert(Radius >= 0 && Radius <= 300, "parloop::mpi::stencil: the radius is between 0 and 300");
  constexpr bool callable = std::is_invocable_r_v<T, const F&, const inner_neighbours<T, N, Radius>&> &&
                            std::is_invocable_r_v<T, const F&, const outer_neighbours<T, N, Radius, Border>&>;
  static_assert(callable,
                "parloop::mpi::stencil: the function must be callable as f(at), with `auto at`, which is called with "
                "one offset per dimension, must not change itself, and must return an element");
  if (steps < 0) throw std::invalid_argument("parloop::mpi::stencil_steps: the number of steps is negative");
  require_same_parts("stencil", now, next);
  if (&now == &next) throw std::invalid_argument("parloop::mpi::stencil: the output is the input");
  mpi::array<T, N>* from = &now;
  mpi::array<T, N>* to = &next;
  const auto all = as_controlled(prange(now.whole_range().size() * steps));
  rank_control control(now.ranks(), all);
  const scoped_backend use(now.ranks().local_backend());
  control.together([&] {
    rank_stencil<Radius, T, N, F, Border, decltype(control)> stencil(now, f, border, control);
    for (index_t step = 0; step < steps; ++step) {
      stencil.step(*from, *to);
      std::swap(from, to);
    }
    stencil.rethrow();
  });
  return *from;
}

}  // namespace detail

namespace mpi {

/// out(y, x) = f(at) for every element, as `parloop::stencil`, and with its bits; the first dimension's rows are spread
/// over the ranks, and rows next to another rank's travel while the others are computed. The arrays have the same
/// extents and communicator. Collective; exceptions as in `mpi::parallel_for`, `std::invalid_argument` on all ranks.
template <int Radius = 1, class T, int N, class F, class Border>
void stencil(const array<T, N>& in, array<T, N>& out, const F& f, const Border& edge) {
  detail::stencil_over_ranks<Radius>(const_cast<array<T, N>&>(in), out, 1, f, edge);  // one step writes `out` alone
}

/// `steps` stencils one after another, from `now` to `next`, back, and so on. Returns the array that has the result:
/// `now` when `steps` is even, else `next`. Ranks wait for their neighbours only, and meet at the end.
template <int Radius = 1, class T, int N, class F, class Border>
array<T, N>& stencil_steps(array<T, N>& now, array<T, N>& next, index_t steps, const F& f, const Border& edge) {
  return detail::stencil_over_ranks<Radius>(now, next, steps, f, edge);
}

}  // namespace mpi
}  // namespace parloop::inline v0_2
