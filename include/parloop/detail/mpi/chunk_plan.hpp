// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Who gets which positions of a loop over ranks: equal shares, and the sizes of chunks that are taken one by one.
/// Knows nothing of MPI.
#pragma once

#include <vector>

#include "../../index.hpp"
#include "../base/compare.hpp"

namespace parloop::inline v0_2::detail {

/// The positions [begin, end).
struct stretch {
  index_t begin = 0;
  index_t end = 0;
  [[nodiscard]] constexpr index_t size() const noexcept { return end - begin; }
  friend constexpr bool operator==(const stretch&, const stretch&) = default;
};

/// The share number `part` of `parts` equal ones of n; the first ones are larger by one where n does not divide.
[[nodiscard]] constexpr stretch share_of(index_t n, index_t part, index_t parts) noexcept {
  const index_t each = n / parts;
  const index_t longer = n % parts;
  const index_t begin = part * each + smaller(part, longer);
  return {begin, begin + each + (part < longer ? 1 : 0)};
}

/// Which of the `parts` equal shares of n has the position.
[[nodiscard]] constexpr index_t owner_of(index_t n, index_t position, index_t parts) noexcept {
  const index_t each = n / parts;
  const index_t longer = n % parts;
  const index_t in_longer = longer * (each + 1);
  return position < in_longer ? position / (each + 1) : longer + (position - in_longer) / each;
}

/// Chunks whose sizes follow from their number alone, so that a counter is all that the takers share. Half of what is
/// left is dealt in equal chunks, one for each taker, then half of the rest, and so on down to `least` (S. Flynn Hummel
/// et al., "Factoring: a method for scheduling parallel loops", 1992).
class chunk_plan {
 public:
  chunk_plan(index_t n, index_t takers, index_t least) : n_(n) {
    index_t begin = 0;
    while (begin < n) {
      const index_t left = n - begin;
      const index_t size = larger(least, (left - 1) / takers / 2 + 1);
      const index_t wanted = size == least ? (left - 1) / size + 1 : takers;
      batches_.push_back({count_, begin, size});
      count_ += smaller(wanted, (left - 1) / size + 1);
      begin = size > left / wanted ? n : begin + size * wanted;
    }
  }

  /// How many there are: at most 64 for each taker.
  [[nodiscard]] index_t count() const noexcept { return count_; }

  /// The chunk of that number; empty from count() on.
  [[nodiscard]] stretch operator()(index_t number) const noexcept {
    if (number >= count_) return {n_, n_};
    std::size_t b = batches_.size() - 1;
    while (batches_[b].first > number) --b;
    const index_t begin = batches_[b].begin + (number - batches_[b].first) * batches_[b].size;
    return {begin, begin + smaller(batches_[b].size, n_ - begin)};
  }

 private:
  struct batch {
    index_t first;  // chunk
    index_t begin;  // position
    index_t size;
  };
  index_t n_;
  index_t count_ = 0;
  std::vector<batch> batches_;
};

/// The least chunk where the user names none: a rank is idle for 1/512 of its share at the end, at most.
[[nodiscard]] constexpr index_t usual_least_chunk(index_t n, index_t takers) noexcept {
  return larger<index_t>(1, n / takers / 512);
}

}  // namespace parloop::inline v0_2::detail
