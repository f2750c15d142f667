// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Reductions whose result does not depend on who computed what: the iterations are cut into blocks by their number
/// alone, each block has one partial result, and these are combined in one fixed order. For algorithm/.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include "../../range.hpp"
#include "../base/compare.hpp"
#include "../loop/run_chunks.hpp"
#include "control.hpp"

namespace parloop::inline v0_2::detail {

/// How n iterations are cut into blocks, by n alone. Up to 64 iterations have a block each, because each may be long;
/// there are 64 blocks then until they hold 64 iterations each, and 512 at most, to keep the partial results few.
struct blocks {
  explicit constexpr blocks(index_t n) noexcept : size(n <= 64 ? 1 : (n - 1) / within<index_t>(n / 64, 64, 512) + 1) {
    count = n == 0 ? 0 : (n - 1) / size + 1;
  }
  index_t size;   ///< iterations in each block but the last
  index_t count;  ///< at most `most`
  static constexpr index_t most = 512;
};

/// One partial result for each block: on the stack while they are small, so that reductions allocate nothing.
template <class T>
class partials {
 public:
  /// Throws what copying T throws, and `std::bad_alloc` when T is large.
  partials(index_t count, const T& identity) : count_(static_cast<std::size_t>(count)) {
    if constexpr (!on_stack) heap_ = std::allocator<T>().allocate(count_);
    struct guard {  // copying may throw
      partials* self;
      ~guard() {
        if (self != nullptr) self->deallocate();
      }
    } undo{this};
    std::uninitialized_fill_n(data(), count_, identity);
    undo.self = nullptr;
  }
  partials(const partials&) = delete;
  partials& operator=(const partials&) = delete;
  ~partials() {
    std::destroy_n(data(), count_);
    deallocate();
  }

  T& operator[](index_t block) noexcept { return data()[block]; }

  /// Combines neighbours, then neighbours of these, and so on: the rounding error of a sum grows with the logarithm of
  /// the number of blocks (N. J. Higham, "The accuracy of floating point summation", 1993, section 2).
  template <class Combine>
  T combine(const Combine& combine) {
    for (std::size_t step = 1; step < count_; step *= 2) {
      for (std::size_t i = 0; i + step < count_; i += 2 * step) {
        data()[i] = combine(std::move(data()[i]), std::move(data()[i + step]));
      }
    }
    return std::move(data()[0]);
  }

 private:
  static constexpr bool on_stack = sizeof(T) <= 32;

  T* data() noexcept {
    if constexpr (on_stack) return std::launder(reinterpret_cast<T*>(stack_));
    return heap_;
  }
  void deallocate() noexcept {
    if constexpr (!on_stack) std::allocator<T>().deallocate(heap_, count_);
  }

  std::size_t count_;
  T* heap_ = nullptr;
  alignas(T) std::byte stack_[on_stack ? sizeof(T) * static_cast<std::size_t>(blocks::most) : 1];
};

/// Runs fold(begin, end) -> T for each block of the range's positions and combines the results. A range without
/// iterations gives `identity`. The grain of the options is rounded up to whole blocks. When `watch`, a control, stops
/// the loop, the result is of no use. A control that shares the loop with other processes says which blocks are this
/// one's, and fetches the others' results.
template <class T, int N, stride Stride, class Combine, class Fold, class Control = const uncontrolled>
T reduce_blocks(backend* b, const range<N, Stride>& range, const T& identity, const Combine& combine, const Fold& fold,
                Control& watch = free_running) {
  const index_t n = range.size();
  if (n == 0) return identity;
  const blocks cut(n);
  partials<T> results(cut.count, identity);
  loop_options options = range.options();
  options.grain = (within<index_t>(options.grain, 1, n) - 1) / cut.size * cut.size + cut.size;
  const auto run_blocks = [&](index_t begin, index_t end) {
    for (index_t block = begin; block < end; block += cut.size) {
      watch.one_block(block, smaller(block + cut.size, end),
                      [&](index_t first, index_t last) { results[first / cut.size] = fold(first, last); });
    }
  };
  if constexpr (requires { watch.share(cut, n); }) {
    const auto own = watch.share(cut, n);
    detail::run_chunks(b, own.end - own.begin, options, [&run_blocks, first = own.begin](index_t begin, index_t end) {
      run_blocks(first + begin, first + end);
    });
    watch.exchange(results, cut);
  } else {
    detail::run_chunks(b, n, options, run_blocks);
  }
  return results.combine(combine);
}

}  // namespace parloop::inline v0_2::detail
