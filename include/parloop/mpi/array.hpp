// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Arrays whose rows are spread over ranks.
#pragma once

#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "../detail/mpi/gather.hpp"
#include "../view.hpp"
#include "schedule.hpp"

namespace parloop::inline v0_2::mpi {

/// A row-major array with one to three dimensions, of which each rank has some whole rows (of one dimension: elements),
/// those of `mpi::local`. Elements start as T{}. `rows` are indices of the first dimension.
///     mpi::array<double, 2> plate(ranks, ny, nx);
///     pl::parallel_for(ranks.local_backend(), plate.local_range(), [&](auto y, auto x) { plate(y, x) = 1; });
template <class T, int N = 1>
class array {
  static_assert(std::is_trivially_copyable_v<T> && !std::is_same_v<T, bool>,
                "parloop::mpi::array: elements travel as bytes, so they must be trivially copyable, and not bool");

 public:
  using value_type = T;                 ///< of the elements
  static constexpr int dimensions = N;  ///< indices of an element

  /// Needs no communication. `ranks` has to outlive the array. Throws `std::invalid_argument` when an extent is
  /// negative, and `std::bad_alloc`.
  template <index_like... Extents>
  requires(sizeof...(Extents) == N) explicit array(const communicator& ranks, Extents... extents)
      : ranks_(&ranks), extents_{static_cast<index_t>(extents)...} {
    for (int d = 0; d < N; ++d) {
      if (extents_[d] < 0) throw std::invalid_argument("parloop::mpi::array: an extent is negative");
      if (d > 0) row_ *= extents_[d];
    }
    own_ = detail::share_of(extents_[0], ranks.rank(), ranks.size());
    elements_.resize(static_cast<std::size_t>(own_.size() * row_));
  }

  [[nodiscard]] const communicator& ranks() const noexcept { return *ranks_; }  ///< those that it is spread over
  [[nodiscard]] index_t extent(int d) const noexcept { return extents_[d]; }    ///< of the whole array
  [[nodiscard]] index_t row_size() const noexcept { return row_; }              ///< elements in a row
  [[nodiscard]] index_t first_row() const noexcept { return own_.begin; }       ///< of this rank
  [[nodiscard]] index_t rows() const noexcept { return own_.size(); }           ///< that this rank has
  /// Whether this rank has the row of that number.
  [[nodiscard]] bool has_row(index_t row) const noexcept { return row >= own_.begin && row < own_.end; }
  [[nodiscard]] T* data() noexcept { return elements_.data(); }              ///< this rank's first element
  [[nodiscard]] const T* data() const noexcept { return elements_.data(); }  ///< this rank's first element
  /// Elements that this rank has.
  [[nodiscard]] index_t local_size() const noexcept { return static_cast<index_t>(elements_.size()); }

  /// The indices of the whole array.
  [[nodiscard]] range<N> whole_range() const { return over({0, extents_[0]}); }
  /// The indices of this rank's elements.
  [[nodiscard]] range<N> local_range() const { return over(own_); }
  /// This rank's elements, with rows counted from zero.
  [[nodiscard]] view<T, N> local() noexcept { return over_local(elements_.data()); }
  /// This rank's elements, with rows counted from zero.
  [[nodiscard]] view<const T, N> local() const noexcept { return over_local(elements_.data()); }

  /// The element at the whole array's indices, whose row this rank has.
  template <index_like... Indices>
  requires(sizeof...(Indices) == N) [[nodiscard]] T& operator()(Indices... indices) noexcept {
    return elements_[place(static_cast<index_t>(indices)...)];
  }
  /// The element at the whole array's indices, whose row this rank has.
  template <index_like... Indices>
  requires(sizeof...(Indices) == N) [[nodiscard]] const T& operator()(Indices... indices) const noexcept {
    return elements_[place(static_cast<index_t>(indices)...)];
  }

  /// Collective: the whole array, row-major, on all ranks. Throws `std::length_error` from 2^31 elements on.
  [[nodiscard]] std::vector<T> gather() const { return gathered(detail::all_ranks); }
  /// Collective: the whole array on `rank`, an empty one on the others.
  [[nodiscard]] std::vector<T> gather(int rank) const { return gathered(rank); }

 private:
  template <class... Indices>
  [[nodiscard]] std::size_t place(Indices... indices) const noexcept {
    const index_t at[N] = {indices...};
    index_t position = at[0] - own_.begin;
    for (int d = 1; d < N; ++d) position = position * extents_[d] + at[d];
    return static_cast<std::size_t>(position);
  }
  [[nodiscard]] range<N> over(detail::stretch rows) const {
    const auto first = prange(rows.begin, rows.end);
    if constexpr (N == 1) return first;
    if constexpr (N == 2) return grid(first, prange(extents_[1]));
    if constexpr (N == 3) return grid(first, prange(extents_[1]), prange(extents_[2]));
  }
  template <class U>
  [[nodiscard]] view<U, N> over_local(U* first) const noexcept {
    if constexpr (N == 1) return view<U, N>(first, own_.size());
    if constexpr (N == 2) return view<U, N>(first, own_.size(), extents_[1]);
    if constexpr (N == 3) return view<U, N>(first, own_.size(), extents_[1], extents_[2]);
  }
  [[nodiscard]] std::vector<T> gathered(int where) const {
    std::vector<index_t> counts;
    for (int r = 0; r < ranks_->size(); ++r) {
      counts.push_back(detail::share_of(extents_[0], r, ranks_->size()).size() * row_);
    }
    std::vector<T> all(
        where == detail::all_ranks || where == ranks_->rank() ? static_cast<std::size_t>(extents_[0] * row_) : 0);
    detail::loop_watch watch(detail::state_of(*ranks_), extents_[0] * row_, nullptr);
    watch.agree(nullptr);
    detail::gather_bytes(watch, detail::state_of(*ranks_), where, elements_.data(), counts, all.data(), sizeof(T));
    return all;
  }

  const communicator* ranks_;
  index_t extents_[N];
  index_t row_ = 1;
  detail::stretch own_;
  std::vector<T> elements_;
};

}  // namespace parloop::inline v0_2::mpi
