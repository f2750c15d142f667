// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Reductions with any combining function, and sums. Their results are the same, to the last bit, on every backend and
/// with any number of threads.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "../detail/algorithm/partials.hpp"
#include "../detail/algorithm/reduce_some.hpp"
#include "../detail/algorithm/visit.hpp"

namespace parloop::inline v0_2 {

namespace detail {

template <class T, int N, stride Stride, class Combine, class Body, class Control = const uncontrolled>
T reduce(backend* b, const range<N, Stride>& range, const T& identity, const Combine& combine, const Body& body,
         Control& watch = free_running) {
  static_assert(takes_indices<Body, N>,
                "parloop::parallel_reduce: the body must be callable as body(i), body(y, x) or body(z, y, x), one "
                "index_t per dimension of the range, and without changing itself (no `mutable` lambda: capture what "
                "changes by reference, pass std::ref(body), or make it in each chunk with parallel_reduce_chunks)");
  constexpr bool combines = std::is_invocable_r_v<T, const Combine&, T, T>;
  static_assert(combines,
                "parloop::parallel_reduce: combine must be callable with two values of the identity's type and return "
                "one (is the identity of the type that you want to compute in?)");
  if constexpr (takes_indices<Body, N> && combines) {
    constexpr bool fits = std::convertible_to<body_result<Body, N>, T>;
    static_assert(fits, "parloop::parallel_reduce: what the body returns must convert to the type of the identity");
    constexpr bool whole = !(std::integral<T> && std::floating_point<std::remove_cvref_t<body_result<Body, N>>>);
    static_assert(whole,
                  "parloop::parallel_reduce: the body returns a floating-point number and the identity is an integer, "
                  "which would cut off the fractions; write 0.0, or convert in the body");
    if constexpr (fits && whole) {
      const auto fold = [&](index_t begin, index_t end) {
        per_chunk<Body> own = body;
        T result = identity;
        detail::visit_runs(range, begin, end, [&](index_t run_begin, index_t run_end, const auto& at) {
          for (index_t p = run_begin; p < run_end; ++p) result = combine(std::move(result), static_cast<T>(at(own, p)));
        });
        return result;
      };
      return detail::reduce_blocks<T>(b, range, identity, combine, fold, watch);
    }
  }
}

template <class T, int N, stride Stride, class Combine, class Body>
T reduce_chunks(backend* b, const range<N, Stride>& range, const T& identity, const Combine& combine,
                const Body& body) {
  constexpr bool callable = std::is_invocable_r_v<T, const Body&, index_t, index_t, T>;
  static_assert(callable,
                "parloop::parallel_reduce_chunks: the body must be callable as body(begin, end, init) with two index_t "
                "and a value of the identity's type and return one, without changing itself (no `mutable` lambda: make "
                "what changes inside, once for each chunk)");
  if constexpr (callable) {
    const auto fold = [&](index_t begin, index_t end) -> T { return body(begin, end, identity); };
    return detail::reduce_blocks<T>(b, range, identity, combine, fold);
  }
}

/// What values of type T are added up in: the widest standard integer of the same signedness, else T itself.
/// (`std::integral<__int128>` depends on -std=gnu++20 against -std=c++20, so the size decides.)
template <class T>
using sum_of = std::conditional_t<
    std::integral<T> && sizeof(T) <= sizeof(std::uint64_t),
    std::conditional_t<std::unsigned_integral<T> && !std::same_as<T, bool>, std::uint64_t, std::int64_t>, T>;

/// Folds the positions [begin, end) into `Lanes` running results, which a compiler can keep in vector registers; lane l
/// takes every Lanes-th position of a run along the last dimension. The lanes' order is fixed by the range alone.
template <std::size_t Lanes, class T, int N, stride Stride, class Body, class Accumulate>
T fold_in_lanes(const range<N, Stride>& range, index_t begin, index_t end, const Body& body, const T& identity,
                const Accumulate& accumulate) {
  constexpr auto width = static_cast<index_t>(Lanes);
  T lanes[Lanes];
  for (T& lane : lanes) lane = identity;
  detail::visit_runs(range, begin, end, [&](index_t run_begin, index_t run_end, const auto& at) {
    index_t p = run_begin;
    for (; p + width <= run_end; p += width) {
      for (index_t l = 0; l < width; ++l) lanes[l] = accumulate(lanes[l], static_cast<T>(at(body, p + l)));
    }
    for (index_t l = 0; p < run_end; ++p, ++l) lanes[l] = accumulate(lanes[l], static_cast<T>(at(body, p)));
  });
  for (std::size_t step = Lanes / 2; step > 0; step /= 2) {
    for (std::size_t l = 0; l < step; ++l) lanes[l] = accumulate(lanes[l], lanes[l + step]);
  }
  return lanes[0];
}

/// Lanes in a fold over T: those of a 64-byte vector, at least 8, whatever the machine has, so that the bits do not
/// depend on it.
template <class T>
inline constexpr std::size_t lanes_of = sizeof(T) <= 4 ? 16 : 8;

template <int N, stride Stride, class Body, class Control = const uncontrolled>
auto sum(backend* b, const range<N, Stride>& range, const Body& body, Control& watch = free_running) {
  static_assert(takes_indices<Body, N>,
                "parloop::parallel_sum: the body must be callable as body(i), body(y, x) or body(z, y, x), one index_t "
                "per dimension of the range, and without changing itself (no `mutable` lambda: capture what changes by "
                "reference, pass std::ref(body), or make it in each chunk with parallel_reduce_chunks)");
  constexpr bool returns = returns_something<Body, N>;
  static_assert(returns, "parloop::parallel_sum: the body must return what is to be added up; it returns nothing");
  if constexpr (takes_indices<Body, N> && returns) {
    using T = sum_of<std::remove_cvref_t<body_result<Body, N>>>;
    constexpr auto add = [](const T& left, const T& right) {
      // Integers wrap: in another order than the plain loop's, sums in between may be larger than the whole.
      if constexpr (std::integral<T> && sizeof(T) <= sizeof(std::uint64_t)) {
        return static_cast<T>(static_cast<std::uint64_t>(left) + static_cast<std::uint64_t>(right));
      } else {
        return static_cast<T>(left + right);
      }
    };
    if constexpr (std::is_arithmetic_v<T>) {
      const auto fold = [&](index_t begin, index_t end) {
        per_chunk<Body> own = body;
        // Integers may be added in any order: a compiler chooses the lanes better, by what the body does.
        if constexpr (std::integral<T>) return detail::fold_in_lanes<1>(range, begin, end, own, T{}, add);
        return detail::fold_in_lanes<lanes_of<T>>(range, begin, end, own, T{}, add);
      };
      return detail::reduce_blocks<T>(b, range, T{}, add, fold, watch);
    } else {
      return detail::reduce(b, range, T{}, add, body, watch);
    }
  }
}

}  // namespace detail

/// Combines body(i), body(y, x) or body(z, y, x) of all indices of `range` by `combine`, which has to be associative up
/// to rounding, with `identity` as its neutral element; it need not be commutative. The result has the identity's type;
/// that of an empty range is the identity. It is the same, bit for bit, on every backend and at every width, because
/// the order of combining depends on range.size() alone. Exceptions as in `parallel_for`.
template <int N, stride Stride, class T, class Combine, class Body>
[[nodiscard]] T parallel_reduce(backend& b, const range<N, Stride>& range, const T& identity, const Combine& combine,
                                const Body& body) {
  return detail::reduce(&b, range, identity, combine, body);
}

/// The same on the default backend.
template <int N, stride Stride, class T, class Combine, class Body>
[[nodiscard]] T parallel_reduce(const range<N, Stride>& range, const T& identity, const Combine& combine,
                                const Body& body) {
  return detail::reduce(static_cast<backend*>(nullptr), range, identity, combine, body);
}

/// The same without an identity, for a range that is not empty: the result has the type that the body returns. Throws
/// `std::invalid_argument` when the range is empty.
template <int N, stride Stride, class Combine, class Body>
[[nodiscard]] auto parallel_reduce(backend& b, const range<N, Stride>& range, const Combine& combine,
                                   const Body& body) {
  return detail::reduce_some(&b, range, combine, body);
}

/// The same on the default backend.
template <int N, stride Stride, class Combine, class Body>
[[nodiscard]] auto parallel_reduce(const range<N, Stride>& range, const Combine& combine, const Body& body) {
  return detail::reduce_some(static_cast<backend*>(nullptr), range, combine, body);
}

/// Combines body(begin, end, identity) of pieces [begin, end) that together cover the positions [0, range.size()) once,
/// in their order; the body returns its third argument combined with what it finds in its piece. For bodies that have a
/// better way to reduce many iterations than one by one. The pieces depend on range.size() alone, and so does the
/// result. Otherwise as `parallel_reduce` with an identity.
template <int N, stride Stride, class T, class Combine, class Body>
[[nodiscard]] T parallel_reduce_chunks(backend& b, const range<N, Stride>& range, const T& identity,
                                       const Combine& combine, const Body& body) {
  return detail::reduce_chunks(&b, range, identity, combine, body);
}

/// The same on the default backend.
template <int N, stride Stride, class T, class Combine, class Body>
[[nodiscard]] T parallel_reduce_chunks(const range<N, Stride>& range, const T& identity, const Combine& combine,
                                       const Body& body) {
  return detail::reduce_chunks(static_cast<backend*>(nullptr), range, identity, combine, body);
}

/// The same without an identity, for a range that is not empty: body(begin, end) returns what its piece, never an empty
/// one, gives by itself. Throws `std::invalid_argument` when the range is empty.
template <int N, stride Stride, class Combine, class Body>
[[nodiscard]] auto parallel_reduce_chunks(backend& b, const range<N, Stride>& range, const Combine& combine,
                                          const Body& body) {
  return detail::reduce_some_chunks(&b, range, combine, body);
}

/// The same on the default backend.
template <int N, stride Stride, class Combine, class Body>
[[nodiscard]] auto parallel_reduce_chunks(const range<N, Stride>& range, const Combine& combine, const Body& body) {
  return detail::reduce_some_chunks(static_cast<backend*>(nullptr), range, combine, body);
}

/// The sum of body(i), body(y, x) or body(z, y, x) over all indices of `range`; zero, T{}, for an empty one. Integers
/// and `bool` are added up in 64 bits of their own signedness, modulo 2^64; everything else in its own
/// type, which needs T{} and operator+. The same bits on every backend and at every width; floating-point sums are
/// blocked and pairwise, so their rounding error grows far slower than that of a plain loop.
template <int N, stride Stride, class Body>
[[nodiscard]] auto parallel_sum(backend& b, const range<N, Stride>& range, const Body& body) {
  return detail::sum(&b, range, body);
}

/// The same on the default backend.
template <int N, stride Stride, class Body>
[[nodiscard]] auto parallel_sum(const range<N, Stride>& range, const Body& body) {
  return detail::sum(static_cast<backend*>(nullptr), range, body);
}

}  // namespace parloop::inline v0_2
