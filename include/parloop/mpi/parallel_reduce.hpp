// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Reductions over ranks. Their results are those of the loops on one machine, to the last bit, on all ranks.
#pragma once

#include <stdexcept>
#include <type_traits>
#include <utility>

#include "../algorithm/parallel_min_max.hpp"
#include "../algorithm/parallel_reduce.hpp"
#include "../detail/mpi/rank_control.hpp"

namespace parloop::inline v0_2 {

namespace detail {

/// What find(backend, plain range, control) finds.
template <class Body, class Range, class Find>
auto reduce_over_ranks(const mpi::communicator& ranks, const Range& range, const Find& find) {
  constexpr bool callable = takes_indices<Body, Range::dimensions>;
  static_assert(callable,
                "parloop::mpi: the body of a reduction must be callable as body(i), body(y, x) or body(z, y, x), one "
                "index_t per dimension of the range, and without changing itself (no `mutable` lambda: capture what "
                "changes by reference)");
  if constexpr (callable) {
    const auto& controlled = as_controlled(range);
    using stop = std::remove_cvref_t<decltype(controlled.stop_token())>;
    rank_control control(ranks, controlled);
    const scoped_backend use(ranks.local_backend());
    return answer_of<stop>(
        control.together([&] { return find(&ranks.local_backend(), controlled.without_control(), control); }));
  }
}

template <class Body, class Range, class Find>
auto extremum_over_ranks(const mpi::communicator& ranks, const Range& range, const Find& find) {
  if (range.size() == 0) throw std::invalid_argument("parloop: an empty range has no smallest or largest value");
  return reduce_over_ranks<Body>(ranks, range, [&](backend* b, const auto& plain, auto& control) {
    auto found = find(b, plain, control);
    // A rank that was stopped may have found nothing; nobody looks at the result then.
    using result = std::remove_cvref_t<decltype(*found)>;
    return found ? *std::move(found) : result{};
  });
}

}  // namespace detail

namespace mpi {

/// Combines body(...) of all indices of `range` by `combine`, as `parloop::parallel_reduce` does, and with the same
/// bits, whatever the number of ranks and threads; all ranks have the result. Its type is trivially copyable. The
/// iterations are cut into 512 blocks at most, so more threads than that, of all ranks, have nothing to do.
/// Collective; exceptions, stop tokens and progress as in `mpi::parallel_for`.
template <loop_range Range, class T, class Combine, class Body>
[[nodiscard]] auto parallel_reduce(const communicator& ranks, const Range& range, const T& identity,
                                   const Combine& combine, const Body& body) {
  return detail::reduce_over_ranks<Body>(ranks, range, [&](backend* b, const auto& plain, auto& control) {
    return detail::reduce(b, plain, identity, combine, body, control);
  });
}

/// The sum of body(...) over all indices, as `parloop::parallel_sum`; otherwise as `mpi::parallel_reduce`.
template <loop_range Range, class Body>
[[nodiscard]] auto parallel_sum(const communicator& ranks, const Range& range, const Body& body) {
  return detail::reduce_over_ranks<Body>(
      ranks, range, [&](backend* b, const auto& plain, auto& control) { return detail::sum(b, plain, body, control); });
}

/// The smallest body(...), as `parloop::parallel_min`; otherwise as `mpi::parallel_reduce`.
template <loop_range Range, class Body>
[[nodiscard]] auto parallel_min(const communicator& ranks, const Range& range, const Body& body) {
  return detail::extremum_over_ranks<Body>(ranks, range, [&](backend* b, const auto& plain, auto& control) {
    return detail::locate_value<detail::end_of_order::smallest>(b, plain, body, control);
  });
}

/// The largest; otherwise as `mpi::parallel_min`.
template <loop_range Range, class Body>
[[nodiscard]] auto parallel_max(const communicator& ranks, const Range& range, const Body& body) {
  return detail::extremum_over_ranks<Body>(ranks, range, [&](backend* b, const auto& plain, auto& control) {
    return detail::locate_value<detail::end_of_order::largest>(b, plain, body, control);
  });
}

/// The smallest value and the first index that has it, as `parloop::parallel_argmin`.
template <loop_range Range, class Body>
[[nodiscard]] auto parallel_argmin(const communicator& ranks, const Range& range, const Body& body) {
  return detail::extremum_over_ranks<Body>(ranks, range, [&](backend* b, const auto& plain, auto& control) {
    return detail::locate<detail::end_of_order::smallest>(b, plain, body, control);
  });
}

/// The largest value and the first index that has it, as `parloop::parallel_argmax`.
template <loop_range Range, class Body>
[[nodiscard]] auto parallel_argmax(const communicator& ranks, const Range& range, const Body& body) {
  return detail::extremum_over_ranks<Body>(ranks, range, [&](backend* b, const auto& plain, auto& control) {
    return detail::locate<detail::end_of_order::largest>(b, plain, body, control);
  });
}

}  // namespace mpi
}  // namespace parloop::inline v0_2
