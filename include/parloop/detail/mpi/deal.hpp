// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Runs a rank's pieces of a loop, as the schedule says. For mpi/.
#pragma once

#include "../../mpi/schedule.hpp"
#include "chunk_dealer.hpp"
#include "rank_control.hpp"

namespace parloop::inline v0_2::detail {

/// From so many ranks on there is a tree of counters: docs/mpi.md says where the figure comes from.
inline constexpr int most_ranks_on_one_counter = 128;

/// Ranks that share a counter: about the square root of their number, so that rank 0's has as many customers as others.
[[nodiscard]] inline int ranks_on_counter(mpi::dynamic how, int ranks) noexcept {
  if (how.group >= 0) return how.group;
  if (ranks <= most_ranks_on_one_counter) return 0;
  int group = 1;
  while (group * group < ranks) ++group;
  return group;
}

/// Calls run(begin, end) for each of this rank's pieces of the positions [0, n), on the calling thread.
template <class Control, class Run>
void deal(const mpi::communicator& ranks, mpi::equal_shares, index_t n, index_t /*grain*/, Control&, const Run& run) {
  const stretch own = share_of(n, ranks.rank(), ranks.size());
  if (own.size() > 0) run(own.begin, own.end);
}
template <class Control, class Run>
void deal(const mpi::communicator& ranks, mpi::dynamic how, index_t n, index_t grain, Control& control,
          const Run& run) {
  if (n == 0) return;
  const index_t least = grain > 0 ? smaller(grain, n) : usual_least_chunk(n, ranks.size());
  chunk_dealer chunks(state_of(ranks), n, least, ranks_on_counter(how, ranks.size()));
  while (control.proceed()) {
    const stretch chunk = chunks.next();
    if (chunk.size() == 0) break;
    chunks.look_ahead();
    run(chunk.begin, chunk.end);
    chunks.has_run();
  }
}

}  // namespace parloop::inline v0_2::detail
