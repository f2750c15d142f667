// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Chunks that ranks take one by one, from one counter or from a tree of counters. Called by each rank's calling thread
/// alone. For mpi/schedule.hpp.
#pragma once

#include <memory>
#include <thread>

#include "../base/compare.hpp"
#include "../base/ticks.hpp"
#include "chunk_plan.hpp"
#include "rank_state.hpp"

namespace parloop::inline v0_2::detail {

/// One loop's chunks. With one counter, on rank 0, its value is the number of the next chunk.
///
/// With groups of ranks, rank 0's counter deals portions to groups, and a counter on the first rank of each group deals
/// these on: ticket t of a group stands for piece t mod m of the group's portion t div m. Who draws a portion's first
/// ticket takes the portion from rank 0 and publishes its number, plus one, in the group's slot for it; the others
/// wait for that. Portions have a slot each, so that who is late still finds its own.
///
/// Loops use the two halves of the words in turn. Each clears its rank's other half, which nobody has used since the
/// agreement at the end of the loop before, for the loop after, which begins after its own agreement.
class chunk_dealer {
 public:
  /// Collective. `group` is the number of ranks that share a counter; 0: all.
  chunk_dealer(rank_state& ranks, index_t n, index_t least, int group)
      : ranks_(ranks),
        group_(group <= 0 || group >= ranks.size ? 0 : group),
        pieces_(group_ == 0 ? 1 : 4 * static_cast<index_t>(group_)),
        leader_(group_ == 0 ? 0 : ranks.rank / group_ * group_),
        plan_(n, group_ == 0 ? ranks.size : (ranks.size - 1) / group_ + 1,
              pieces_ > n / least ? larger<index_t>(n, 1) : least * pieces_) {
    // After its last portion a group draws two empty ones at most, as each rank draws one ticket more at most.
    const index_t needed = slots + (group_ == 0 ? 0 : plan_.count() + 2);
    if (ranks.words == nullptr || ranks.words->count() < 2 * needed) {
      ranks.words.reset();
      ranks.words = std::make_unique<shared_words>(ranks.comm, 2 * needed);
      ranks.words_used[0] = ranks.words_used[1] = 0;
    }
    const index_t half = ranks.words->count() / 2;
    const index_t which = ranks.dynamic_loops++ % 2;
    base_ = which * half;
    index_t& to_clear = ranks.words_used[1 - which];
    if (to_clear > 0) ranks.words->clear(ranks.rank, half - base_, to_clear);
    to_clear = 0;
    ranks.words_used[which] = needed;
  }
  chunk_dealer(const chunk_dealer&) = delete;
  chunk_dealer& operator=(const chunk_dealer&) = delete;
  ~chunk_dealer() {
    if (asked_) MPI_Win_flush(0, ranks_.words->window());
  }

  /// This rank's next chunk; an empty one when there are no more.
  [[nodiscard]] stretch next() {
    const ticks before = now();
    stretch chunk;
    if (group_ == 0) {
      if (!asked_) ask();
      ranks_.words->finish(0);
      asked_ = false;
      chunk = plan_(number_);
    } else {
      do chunk = piece_of_portion();
      while (chunk.size() == 0 && !last_portion_);
    }
    last_wait_ = now() - before;
    begun_ = before + last_wait_;
    return chunk;
  }

  /// To be called before a chunk is run. Asks for the next one already where the last chunk took less than 20 times as
  /// long as the asking: otherwise a rank had better not hold what another could run.
  void look_ahead() {
    const bool pays = last_run_ > 0 && last_wait_ > last_run_ / 20;
    if (group_ == 0 && pays) ask();
  }
  /// To be called when it has been run.
  void has_run() { last_run_ = larger<ticks>(now() - begun_, 1); }

 private:
  static constexpr index_t root = 0, tickets = 1, slots = 2;  // words

  void ask() {
    ranks_.words->start_add(0, base_ + root, one_, number_);
    asked_ = true;
  }

  stretch piece_of_portion() {
    shared_words& words = *ranks_.words;
    const index_t ticket = words.fetch_add(leader_, base_ + tickets, 1);
    const index_t slot = base_ + slots + ticket / pieces_;
    index_t published = 0;
    if (ticket % pieces_ == 0) {
      published = words.fetch_add(0, base_ + root, 1) + 1;
      words.write(leader_, slot, published);
    } else {
      while ((published = words.read(leader_, slot)) == 0) std::this_thread::yield();
    }
    const stretch portion = plan_(published - 1);
    last_portion_ = portion.size() == 0;
    const stretch piece = share_of(portion.size(), ticket % pieces_, pieces_);
    return {portion.begin + piece.begin, portion.begin + piece.end};
  }

  rank_state& ranks_;
  const int group_;
  const index_t pieces_;  // in a portion
  const int leader_;
  const chunk_plan plan_;
  index_t base_ = 0;  // the first word of this loop's half
  bool last_portion_ = false;
  bool asked_ = false;
  const index_t one_ = 1;
  index_t number_ = 0;
  ticks last_wait_ = 0;
  ticks last_run_ = 0;
  ticks begun_ = 0;
};

}  // namespace parloop::inline v0_2::detail
