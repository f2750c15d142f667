// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Reductions without an identity, of ranges that are not empty. For algorithm/parallel_reduce.hpp.
#pragma once

#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>

#include "../base/throw.hpp"
#include "partials.hpp"
#include "visit.hpp"

namespace parloop::inline v0_2::detail {

/// Combines what fold(begin, end) returns for each block. What is not there yet is an empty optional, which combine
/// does not see.
template <class T, int N, stride Stride, class Combine, class Fold>
T reduce_folds(backend* b, const range<N, Stride>& range, const Combine& combine, const Fold& fold) {
  static_assert(std::is_invocable_r_v<T, const Combine&, T, T>,
                "parloop: without an identity, combine must be callable with two values that the body returns and "
                "return one");
  if (range.size() == 0) {
    throw_invalid_argument("parloop: the reduction of an empty range has no result without an identity");
  }
  using some = std::optional<T>;
  const auto both = [&combine](some left, some right) { return some(combine(*std::move(left), *std::move(right))); };
  return *detail::reduce_blocks<some>(b, range, some(), both,
                                      [&fold](index_t begin, index_t end) { return some(fold(begin, end)); });
}

/// Without an identity: a block's partial result begins with its first value.
template <int N, stride Stride, class Combine, class Body>
auto reduce_some(backend* b, const range<N, Stride>& range, const Combine& combine, const Body& body) {
  static_assert(takes_indices<Body, N>,
                "parloop::parallel_reduce: the body must be callable as body(i), body(y, x) or body(z, y, x), one "
                "index_t per dimension of the range, and without changing itself (no `mutable` lambda: capture what "
                "changes by reference, pass std::ref(body), or make it in each chunk with parallel_reduce_chunks)");
  if constexpr (takes_indices<Body, N>) {
    using T = std::remove_cvref_t<body_result<Body, N>>;
    return detail::reduce_folds<T>(b, range, combine, [&](index_t begin, index_t end) {
      per_chunk<Body> own = body;
      std::optional<T> result;
      detail::visit_runs(range, begin, end, [&](index_t run_begin, index_t run_end, const auto& at) {
        index_t p = run_begin;
        if (!result) result.emplace(at(own, p++));
        for (; p < run_end; ++p) *result = combine(*std::move(result), static_cast<T>(at(own, p)));
      });
      return *std::move(result);
    });
  }
}

/// The body returns what its chunk, which is never empty, gives by itself.
template <int N, stride Stride, class Combine, class Body>
auto reduce_some_chunks(backend* b, const range<N, Stride>& range, const Combine& combine, const Body& body) {
  constexpr bool callable = std::invocable<const Body&, index_t, index_t>;
  static_assert(callable,
                "parloop::parallel_reduce_chunks: without an identity the body must be callable as body(begin, end) "
                "with two index_t, without changing itself (no `mutable` lambda: make what changes inside, once for "
                "each chunk)");
  if constexpr (callable) {
    using T = std::remove_cvref_t<std::invoke_result_t<const Body&, index_t, index_t>>;
    return detail::reduce_folds<T>(b, range, combine, [&body](index_t begin, index_t end) { return body(begin, end); });
  }
}

}  // namespace parloop::inline v0_2::detail
