// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The standard's parallel algorithms, `std::execution::par` and `par_unseq`, on this library's threads and without
/// oneTBB, with the libstdc++ of GCC 9 to 12. To be included as the first header of every source file of a program that
/// uses them, before `execution` and whatever includes that; or by `-include parloop/plug/std_execution.hpp`.
///
/// Loops run on the default backend of the calling thread, and may be nested. Sums, scans and sorts have the same bits
/// on every backend and with any number of threads. As the standard says, an exception of an element's function ends
/// the program.
#pragma once

#if defined(_PSTL_PARALLEL_BACKEND_H)
#error "parloop/plug/std_execution.hpp has to be included before <execution>"
#endif
#define _PSTL_PARALLEL_BACKEND_H  ///< libstdc++ leaves its own out

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "../algorithm/parallel_for.hpp"
#include "../algorithm/parallel_invoke.hpp"
#include "../algorithm/parallel_reduce.hpp"
#include "../algorithm/parallel_sort.hpp"

namespace parloop::inline v0_2::plug {

/// [0, n) in blocks whose number depends on n alone, each of two iterations or more.
template <class Index>
class pstl_blocks {
 public:
  /// Of n iterations.
  explicit pstl_blocks(Index n) : n_(n) {
    const auto wanted = static_cast<std::size_t>(n) / 1024;
    const std::size_t most = wanted < 32 ? 32 : wanted > 256 ? 256 : wanted;
    const std::size_t possible = static_cast<std::size_t>(n) / 4;
    blocks_ = possible < 1 ? 1 : possible < most ? possible : most;
  }
  /// How many there are.
  [[nodiscard]] std::size_t size() const noexcept { return blocks_; }
  /// Where a block begins; that of the one behind the last is n.
  [[nodiscard]] Index begin(std::size_t block) const noexcept {
    const auto n = static_cast<std::size_t>(n_);
    return static_cast<Index>(n / blocks_ * block + std::min(block, n % blocks_));
  }
  /// Calls f(block) for all, in parallel.
  template <class Function>
  void for_each(const Function& f) const {
    parallel_for(prange(blocks_), [&](index_t block) { f(static_cast<std::size_t>(block)); });
  }

 private:
  Index n_;
  std::size_t blocks_ = 1;
};

/// A comparison that may be called by several threads at once. The standard's may change itself, so that one is copied.
template <class Less>
class shared_less {
 public:
  /// Of a comparison that outlives this.
  explicit shared_less(const Less& less) : less_(less) {}
  /// Whether a comes before b.
  template <class T, class U>
  [[nodiscard]] bool operator()(T&& a, U&& b) const {
    if constexpr (std::is_invocable_v<const Less&, T, U>) {
      return static_cast<bool>(less_(std::forward<T>(a), std::forward<U>(b)));
    } else {
      Less own = less_;
      return static_cast<bool>(own(std::forward<T>(a), std::forward<U>(b)));
    }
  }

 private:
  const Less& less_;
};

}  // namespace parloop::inline v0_2::plug

// What libstdc++ calls. `[i, j)` are positions, of integers or iterators; the policy is `par` or `par_unseq`.
namespace __pstl::__par_backend {

/// Memory for n objects, none of which exists.
template <class T>
class __buffer {
 public:
  /// Takes the memory.
  explicit __buffer(std::size_t n) : memory_(std::allocator<T>().allocate(n)), n_(n) {}
  __buffer(const __buffer&) = delete;
  __buffer& operator=(const __buffer&) = delete;
  ~__buffer() { std::allocator<T>().deallocate(memory_, n_); }
  /// Whether there is some.
  explicit operator bool() const { return memory_ != nullptr; }
  /// Where it begins.
  [[nodiscard]] T* get() const { return memory_; }

 private:
  T* memory_;
  std::size_t n_;
};

/// A hint that the rest is not needed; chunks that begin later look for themselves.
inline void __cancel_execution() {}

/// f(i, j) for pieces of [first, last).
template <class Policy, class Index, class Function>
void __parallel_for(Policy&&, Index first, Index last, Function f) {
  using distance = decltype(last - first);
  parloop::parallel_for_chunks(parloop::prange(last - first), [&](parloop::index_t begin, parloop::index_t end) {
    f(static_cast<Index>(first + static_cast<distance>(begin)), static_cast<Index>(first + static_cast<distance>(end)));
  });
}

/// f() and g().
template <class Policy, class F, class G>
void __parallel_invoke(Policy&&, F&& f, G&& g) {
  parloop::parallel_invoke([&] { std::forward<F>(f)(); }, [&] { std::forward<G>(g)(); });
}

/// body(i, j, value) reduces [i, j) and value to one; identity stands for nothing.
template <class Policy, class T, class Index, class Body, class Combine>
T __parallel_reduce(Policy&&, Index first, Index last, const T& identity, const Body& body, const Combine& combine) {
  using distance = decltype(last - first);
  if (first == last) return identity;
  return parloop::parallel_reduce_chunks(parloop::prange(last - first), identity, combine,
                                         [&](parloop::index_t begin, parloop::index_t end, T value) -> T {
                                           return body(static_cast<Index>(first + static_cast<distance>(begin)),
                                                       static_cast<Index>(first + static_cast<distance>(end)),
                                                       std::move(value));
                                         });
}

/// reduce(i, j, value) as above, but without an identity: a block begins with its first two values, value(i).
template <class Policy, class Index, class Value, class T, class Combine, class Reduce>
T __parallel_transform_reduce(Policy&&, Index first, Index last, Value value, T init, Combine combine, Reduce reduce) {
  using distance = decltype(last - first);
  const parloop::plug::pstl_blocks<distance> blocks(last - first);
  if (blocks.size() == 1) return first == last ? init : reduce(first, last, init);
  std::vector<std::optional<T>> parts(blocks.size());
  blocks.for_each([&](std::size_t block) {
    const Index i = first + blocks.begin(block);
    const Index j = first + blocks.begin(block + 1);
    Value own = value;  // it may change itself
    parts[block].emplace(block == 0 ? reduce(i, j, init)
                                    : reduce(i + 2, j, static_cast<T>(combine(own(i), own(i + 1)))));
  });
  T total = std::move(*parts[0]);
  for (std::size_t block = 1; block < blocks.size(); ++block) total = static_cast<T>(combine(total, *parts[block]));
  return total;
}

/// reduce(i, length) for blocks, once each; apex(all of it); scan(i, length, what comes before) for the same blocks.
template <class Policy, class Index, class T, class Reduce, class Combine, class Scan, class Apex>
void __parallel_strict_scan(Policy&&, Index n, T init, Reduce reduce, Combine combine, Scan scan, Apex apex) {
  if (n == 0) return apex(init);
  const parloop::plug::pstl_blocks<Index> blocks(n);
  const auto length = [&](std::size_t block) { return blocks.begin(block + 1) - blocks.begin(block); };
  std::vector<std::optional<T>> before(blocks.size());
  blocks.for_each([&](std::size_t block) { before[block].emplace(reduce(blocks.begin(block), length(block))); });
  T total = init;
  for (std::optional<T>& part : before) {
    T next = static_cast<T>(combine(total, *part));
    part.emplace(std::move(total));
    total = std::move(next);
  }
  apex(total);
  blocks.for_each([&](std::size_t block) { scan(blocks.begin(block), length(block), *before[block]); });
}

/// The same with reduce(i, j, value) and scan(i, j, what comes before), which returns all up to j; returns the total.
template <class Policy, class Index, class Value, class T, class Combine, class Reduce, class Scan>
T __parallel_transform_scan(Policy&&, Index n, Value value, T init, Combine combine, Reduce reduce, Scan scan) {
  constexpr Index least = 1024;  // two passes take twice as long as one
  const parloop::plug::pstl_blocks<Index> blocks(n);
  if (n < least || parloop::default_backend().width() == 1) return scan(Index(0), n, init);
  std::vector<std::optional<T>> before(blocks.size() + 1);
  blocks.for_each([&](std::size_t block) {
    Value own = value;  // it may change itself
    const Index i = blocks.begin(block);
    const Index j = blocks.begin(block + 1);
    if (block + 1 == blocks.size()) return;
    before[block + 1].emplace(block == 0 ? reduce(i, j, init)
                                         : reduce(i + 2, j, static_cast<T>(combine(own(i), own(i + 1)))));
  });
  before[0].emplace(init);
  for (std::size_t block = 2; block < blocks.size(); ++block) {
    before[block].emplace(static_cast<T>(combine(*before[block - 1], *before[block])));
  }
  std::optional<T>& total = before[blocks.size()];
  blocks.for_each([&](std::size_t block) {
    T all = scan(blocks.begin(block), blocks.begin(block + 1), *before[block]);
    if (block + 1 == blocks.size()) total.emplace(std::move(all));
  });
  return std::move(*total);
}

/// leaf(i, j, less) sorts [i, j), or, if `sorted` is not 0, brings its first so many elements to its begin, in order.
/// To be called once for each element: it may fill [i, j) first.
template <class Policy, class Iterator, class Less, class Leaf>
void __parallel_stable_sort(Policy&&, Iterator first, Iterator last, Less less, Leaf leaf, std::size_t sorted = 0) {
  using value = std::iter_value_t<Iterator>;
  const auto n = static_cast<std::size_t>(last - first);
  if (sorted != 0 && sorted < n) {
    const parloop::plug::pstl_blocks<decltype(last - first)> blocks(last - first);
    if (n < 2 * sorted * blocks.size()) return leaf(first, last, less);
    blocks.for_each([&](std::size_t b) { leaf(first + blocks.begin(b), first + blocks.begin(b + 1), less); });
    // What can be among the first of all is brought to the begin. A block has twice as many, so goes to the left.
    Iterator to = first;
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      for (std::size_t k = 0; k < sorted; ++k, ++to) {
        std::iter_swap(to, first + blocks.begin(b) + static_cast<decltype(last - first)>(k));
      }
    }
    std::partial_sort(first, first + static_cast<decltype(last - first)>(sorted), to, less);
  } else if constexpr (std::is_nothrow_move_assignable_v<value> && std::is_nothrow_move_constructible_v<value>) {
    parloop::detail::sort_by_blocks(parloop::default_backend(), first, n, parloop::plug::shared_less<Less>(less),
                                    [&](Iterator begin, Iterator end) { leaf(begin, end, less); });
  } else {
    leaf(first, last, less);
  }
}

/// leaf(i1, j1, i2, j2, out, less) merges sorted pieces; of equal elements those of the first come first.
template <class Policy, class First, class Second, class Out, class Less, class Leaf>
void __parallel_merge(Policy&&, First first1, First last1, Second first2, Second last2, Out out, Less less, Leaf leaf) {
  const auto n = static_cast<std::size_t>(last1 - first1);
  const auto m = static_cast<std::size_t>(last2 - first2);
  const parloop::plug::pstl_blocks<std::ptrdiff_t> blocks(static_cast<std::ptrdiff_t>(n + m));
  const parloop::plug::shared_less<Less> compare(less);
  const auto split = [&](std::size_t d) { return parloop::detail::split_of_merge(first1, n, first2, m, d, compare); };
  // All are found before any element is moved.
  std::vector<std::size_t> splits(blocks.size() + 1);
  for (std::size_t b = 0; b <= blocks.size(); ++b) splits[b] = split(static_cast<std::size_t>(blocks.begin(b)));
  blocks.for_each([&](std::size_t b) {
    const auto in1 = [&](std::size_t k) { return first1 + static_cast<decltype(last1 - first1)>(splits[k]); };
    const auto in2 = [&](std::size_t k) {
      return first2 + (blocks.begin(k) - static_cast<decltype(last2 - first2)>(splits[k]));
    };
    leaf(in1(b), in1(b + 1), in2(b), in2(b + 1), out + blocks.begin(b), less);
  });
}

}  // namespace __pstl::__par_backend
