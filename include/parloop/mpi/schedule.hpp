// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Which rank runs which iterations, and a range's local part.
#pragma once

#include <stdexcept>
#include <type_traits>

#include "../controlled_range.hpp"
#include "../detail/mpi/chunk_plan.hpp"
#include "communicator.hpp"

namespace parloop::inline v0_2 {
namespace mpi {

/// Every rank has one piece, all as long as each other: the default, and best where all iterations take as long.
struct equal_shares {};

/// Pieces of some iterations go to the ranks in turn: for work that changes along the range.
struct cyclic {
  /// Throws `std::invalid_argument` unless `iterations` is positive.
  explicit cyclic(index_t iterations = 1) : size(iterations) {
    if (size < 1) throw std::invalid_argument("parloop::mpi::cyclic: pieces have at least one iteration");
  }
  index_t size;  ///< iterations in a piece
};

/// Ranks take chunks, ever smaller ones, from a counter on rank 0: for work that nobody can foresee. The range's grain
/// is the least chunk. Rank 0 serves the counter between its own iterations, where the network does not.
struct dynamic {
  int group = -1;  ///< ranks that share a counter below rank 0's; 0: all use rank 0's; -1: chosen by their number
};

/// The part of `range` that is this rank's when all have equal shares: of its first dimension, so that ranks have
/// whole rows. Options ride along.
template <int N, stride Stride>
[[nodiscard]] range<N, Stride> local(const range<N, Stride>& whole, const communicator& ranks) {
  const auto part = [&](int d) {
    axis a = whole.along(d);
    if (d == 0) {
      const detail::stretch own = detail::share_of(a.count, ranks.rank(), ranks.size());
      a.start = own.size() > 0 ? a[own.begin] : a.start;
      a.count = own.size();
    }
    return a;
  };
  range<N, Stride> made = [&] {
    if constexpr (N == 1) return range<N, Stride>(part(0));
    if constexpr (N == 2) return range<N, Stride>(part(0), part(1));
    if constexpr (N == 3) return range<N, Stride>(part(0), part(1), part(2));
  }();
  return made.grain(whole.options().grain).threads(whole.options().threads).site(whole.options().site);
}

}  // namespace mpi
}  // namespace parloop::inline v0_2
