// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Sorting: `parallel_sort` and `parallel_stable_sort`. Not part of parloop.hpp, as it needs the standard's
/// algorithm header, which would be most of what a small loop takes to compile.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <functional>
#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

#include "../detail/base/first_exception.hpp"
#include "parallel_for.hpp"

namespace parloop::inline v0_2 {

namespace detail {

/// Where the piece of a merged pair that begins at output d begins in the first run; the rest comes from the second.
/// Of equal elements those of the first run come first.
template <class First, class Second, class Less>
[[nodiscard]] std::size_t split_of_merge(First first, std::size_t n, Second second, std::size_t m, std::size_t d,
                                         const Less& less) {
  std::size_t low = d > m ? d - m : 0;
  std::size_t high = d < n ? d : n;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (less(second[static_cast<std::iter_difference_t<Second>>(d - middle - 1)],
             first[static_cast<std::iter_difference_t<First>>(middle)])) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/// Moves from[x, x_end) and from[y, y_end), both in order, to `out` in order, until one of them is empty. When less
/// throws, x, y and out say how far it came.
template <class T, class Less>
void merge(T* from, std::size_t& x, std::size_t x_end, std::size_t& y, std::size_t y_end, T*& out, const Less& less) {
  if constexpr (std::is_trivially_copyable_v<T> && sizeof(T) <= 16) {
    while (x < x_end && y < y_end) {  // without branches that nobody can predict
      const bool second_first = less(from[y], from[x]);
      *out++ = from[second_first ? y : x];
      y += second_first ? 1 : 0;
      x += second_first ? 0 : 1;
    }
  }
  while (x < x_end && y < y_end) *out++ = std::move(less(from[y], from[x]) ? from[y++] : from[x++]);
}

/// Blocks whose number depends on the size alone are sorted and then merged in rounds, so the result does not depend on
/// who runs what, also where equal elements may be told apart.
template <class Iterator, class Less, class SortBlock>
void sort_by_blocks(backend& b, Iterator begin, std::size_t n, const Less& less, const SortBlock& sort_block) {
  using T = std::iter_value_t<Iterator>;
  static_assert(std::is_nothrow_move_assignable_v<T> && std::is_nothrow_move_constructible_v<T>,
                "parloop::parallel_sort: elements must be movable without exceptions");
  constexpr std::size_t least = 4096;  // elements of a block, at least; some 100 us of work
  constexpr std::size_t most = 32;     // blocks
  std::size_t blocks = 1;
  while (blocks < most && n / (2 * blocks) >= least) blocks *= 2;
  if (blocks == 1) return sort_block(begin, begin + static_cast<std::ptrdiff_t>(n));

  std::vector<T> room;  // all memory is there before anything is moved
  std::vector<T> other;
  room.reserve(n);
  other.reserve(n);
  std::vector<std::size_t> splits(blocks + 1);

  const auto bound = [&](std::size_t block) { return n / blocks * block + (std::min)(block, n % blocks); };
  const Iterator end = begin + static_cast<std::ptrdiff_t>(n);
  parallel_for(b, prange(blocks).grain(1), [&](index_t i) {
    const auto block = static_cast<std::size_t>(i);
    sort_block(begin + static_cast<std::ptrdiff_t>(bound(block)),
               begin + static_cast<std::ptrdiff_t>(bound(block + 1)));
  });

  room.assign(std::make_move_iterator(begin), std::make_move_iterator(end));
  // Elements that have been moved from: what they have is written over.
  other.assign(std::make_move_iterator(begin), std::make_move_iterator(end));
  T* from = room.data();
  T* to = other.data();
  first_exception thrown;  // the rounds go on without comparisons, so that x gets all of its elements back
  for (std::size_t run = 1; run < blocks && !thrown.caught(); run *= 2) {
    // As many pieces as blocks in each round; all are found before any element is moved.
    const auto pair_of = [&](std::size_t piece) { return piece / (2 * run) * (2 * run); };
    const auto output_of = [&](std::size_t piece) { return bound(piece) - bound(pair_of(piece)); };
    const auto split = [&](std::size_t piece) {
      const std::size_t first = bound(pair_of(piece));
      const std::size_t second = bound(pair_of(piece) + run);
      return split_of_merge(from + first, second - first, from + second, bound(pair_of(piece) + 2 * run) - second,
                            output_of(piece), less);
    };
    parallel_for(b, prange(blocks).grain(1), [&](index_t i) {
      thrown.keep_thrown_by([&] { splits[static_cast<std::size_t>(i)] = split(static_cast<std::size_t>(i)); });
    });
    if (thrown.caught()) break;
    parallel_for(b, prange(blocks).grain(1), [&](index_t i) {
      const auto piece = static_cast<std::size_t>(i);
      const std::size_t first = bound(pair_of(piece));
      const std::size_t second = bound(pair_of(piece) + run);
      const bool last = (piece + 1) % (2 * run) == 0;
      const std::size_t x_end = last ? second : first + splits[piece + 1];
      const std::size_t y_end =
          last ? bound(pair_of(piece) + 2 * run) : second + output_of(piece + 1) - splits[piece + 1];
      std::size_t x = first + splits[piece];
      std::size_t y = second + output_of(piece) - splits[piece];
      T* out = to + bound(piece);
      thrown.keep_thrown_by([&] { merge(from, x, x_end, y, y_end, out, less); });
      while (x < x_end) *out++ = std::move(from[x++]);
      while (y < y_end) *out++ = std::move(from[y++]);
    });
    std::swap(from, to);
  }
  parallel_for(b, prange(n), [&](index_t i) { begin[i] = std::move(from[i]); });
  thrown.rethrow();
}

}  // namespace detail

/// Sorts `x`, anything with random access: a vector, a span, an array. Equal elements may change places, but in the
/// same way in every run, on every backend and with any number of threads, given one standard library. Below 8192
/// elements it is std::sort.
///
/// `less` is called by several threads at once. Needs memory for 2 * x.size() elements more. Elements must be movable
/// without exceptions. When `less` throws, that is rethrown, and x has its elements in some order, but for those that
/// std::sort loses of a block of 4096 or more in such a case.
template <class Range, class Less = std::less<>>
void parallel_sort(backend& b, Range&& x, const Less& less = {}) {
  detail::sort_by_blocks(b, std::begin(x), static_cast<std::size_t>(std::end(x) - std::begin(x)), less,
                         [&](auto begin, auto end) { std::sort(begin, end, less); });
}
/// The same on the default backend.
template <class Range, class Less = std::less<>>
requires(!std::derived_from<std::remove_cvref_t<Range>, backend>) void parallel_sort(Range&& x, const Less& less = {}) {
  parallel_sort(default_backend(), x, less);
}

/// The same, and equal elements stay in their order.
template <class Range, class Less = std::less<>>
void parallel_stable_sort(backend& b, Range&& x, const Less& less = {}) {
  detail::sort_by_blocks(b, std::begin(x), static_cast<std::size_t>(std::end(x) - std::begin(x)), less,
                         [&](auto begin, auto end) { std::stable_sort(begin, end, less); });
}
/// The same on the default backend.
template <class Range, class Less = std::less<>>
requires(!std::derived_from<std::remove_cvref_t<Range>, backend>) void parallel_stable_sort(Range&& x,
                                                                                            const Less& less = {}) {
  parallel_stable_sort(default_backend(), x, less);
}

}  // namespace parloop::inline v0_2
