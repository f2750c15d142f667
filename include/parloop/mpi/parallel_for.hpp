// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The parallel loop over ranks.
#pragma once

#include <concepts>
#include <type_traits>

#include "../detail/algorithm/visit.hpp"
#include "../detail/mpi/deal.hpp"

namespace parloop::inline v0_2 {

namespace detail {

/// Calls run(begin, end) for stretches of positions, of which each is run on one rank, by its threads.
template <class Range, class Schedule, class Run>
auto run_over_ranks(const mpi::communicator& ranks, const Range& range, const Schedule& how, const Run& run) {
  const auto& controlled = as_controlled(range);
  rank_control control(ranks, controlled);
  const loop_options options = controlled.without_control().options();
  const index_t n = range.size();
  backend& b = ranks.local_backend();
  const scoped_backend use(b);
  control.together([&] {
    if constexpr (std::is_same_v<Schedule, mpi::cyclic>) {
      const index_t size = how.size;
      const index_t pieces = n == 0 ? 0 : (n - 1) / size + 1;
      const index_t own = pieces / ranks.size() + (ranks.rank() < pieces % ranks.size() ? 1 : 0);
      // The last piece of all may be shorter.
      const bool has_last = pieces > 0 && (pieces - 1) % ranks.size() == ranks.rank();
      const index_t count = own == 0 ? 0 : has_last ? (own - 1) * size + (n - (pieces - 1) * size) : own * size;
      control.run(b, options, count, [&](index_t begin, index_t end) {
        while (begin < end) {
          const index_t first = (begin / size * ranks.size() + ranks.rank()) * size + begin % size;
          const index_t stop = smaller(end, (begin / size + 1) * size);
          run(first, first + (stop - begin));
          begin = stop;
        }
      });
    } else {
      deal(ranks, how, n, options.grain, control, [&](index_t first, index_t last) {
        control.run(b, options, last - first, [&](index_t begin, index_t end) { run(first + begin, first + end); });
      });
    }
  });
  if constexpr (std::remove_cvref_t<decltype(controlled)>::can_stop) return control.result();
}

}  // namespace detail

namespace mpi {

/// Calls body(i), body(y, x) or body(z, y, x) once for every index of `range`, each on one rank, by the threads of its
/// backend. Collective: all ranks pass the same range, and have met when it returns. `how` is `equal_shares`, `cyclic`
/// or `dynamic`. What a body throws is rethrown on its own rank, and as a `remote_exception` on the others; iterations
/// that have not begun are skipped. A stop token of any rank stops all, and then `loop_result` counts all ranks'
/// iterations; a progress callback is called on rank 0, by its caller, and ends the loop on all ranks when it throws
/// (the last call, when all have met, on rank 0 alone).
template <loop_range Range, class Body, class Schedule = equal_shares>
auto parallel_for(const communicator& ranks, const Range& range, const Body& body, const Schedule& how = {}) {
  constexpr bool callable = detail::takes_indices<Body, Range::dimensions>;
  static_assert(callable,
                "parloop::mpi::parallel_for: the body must be callable as body(i), body(y, x) or body(z, y, x), one "
                "index_t per dimension of the range, and without changing itself (no `mutable` lambda: capture what "
                "changes by reference)");
  if constexpr (callable) {
    const auto plain = detail::as_controlled(range).without_control();  // a copy, of what may be a temporary
    return detail::run_over_ranks(ranks, range, how, [&plain, &body](index_t begin, index_t end) {
      detail::per_chunk<Body> own = body;
      detail::visit(plain, begin, end, own);
    });
  }
}

/// Calls body(begin, end) for pieces that together cover the positions [0, range.size()) once, each on one rank;
/// otherwise as `parallel_for`.
template <loop_range Range, class Body, class Schedule = equal_shares>
auto parallel_for_chunks(const communicator& ranks, const Range& range, const Body& body, const Schedule& how = {}) {
  static_assert(
      std::invocable<const Body&, index_t, index_t>,
      "parloop::mpi::parallel_for_chunks: the body must be callable as body(begin, end) with two index_t, and "
      "without changing itself (no `mutable` lambda: make what changes inside, once for each chunk)");
  return detail::run_over_ranks(ranks, range, how, body);
}

}  // namespace mpi
}  // namespace parloop::inline v0_2
