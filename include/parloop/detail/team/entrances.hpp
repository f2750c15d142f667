// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Several ways into one loop, for more workers than one word serves well. For detail/team/door.hpp.
#pragma once

#include <cstdint>

#include "../base/atomic.hpp"
#include "../base/compare.hpp"
#include "gate.hpp"

namespace parloop::inline v0_2::detail {

/// Through one word workers come one after the other, each for the price of a line's way, and each makes all who poll
/// read it anew. So a loop that wants more than `group` opens several gates, each worker comes by the one of its number
/// if that has room, and those that came by one gate leave by one word: the last of them counts for all.
class entrances {
 public:
  static constexpr int group = 16;

  struct entrance {
    alignas(64) gate in;
    alignas(64) atomic<std::uint32_t> left{0};
  };

  /// As many as a loop needs that wants so many workers; 0: it does with one word.
  [[nodiscard]] static constexpr int needed_for(int workers) noexcept {
    return workers > group ? (workers - 1) / group + 1 : 0;
  }

  /// To be called once, before any other, where loops may need some.
  [[gnu::cold]] void use(entrance* all) noexcept { all_ = all; }

  /// For a loop that needs some; all are shut.
  [[gnu::noinline]] void open(int workers) noexcept {
    const int count = needed_for(workers);
    const int size = (workers - 1) / count + 1;
    // Relaxed: published by the gates.
    state_.store(static_cast<std::uint32_t>(count | size << size_shift), memory_order_relaxed);
    for (int i = 0; i < count; ++i) all_[i].in.open(smaller(size, workers - i * size));
  }

  /// Whether the loop has some. Relaxed, here and below: stays so while anybody is inside.
  [[nodiscard]] bool exist() const noexcept { return state_.load(memory_order_relaxed) != 0; }

  /// Whether this worker could enter. A hint; relaxed, because enter decides.
  [[nodiscard]] bool has_room(int worker) const noexcept {
    const std::uint32_t seen = state_.load(memory_order_relaxed);
    return seen != 0 && find(worker, seen) != nullptr;
  }

  /// Returns the number of the worker in the loop, from 1 on, or 0 when there is no room.
  int enter(int worker) noexcept {
    const std::uint32_t seen = state_.load(memory_order_relaxed);
    return seen != 0 ? enter_by_one(worker, seen) : 0;
  }

  /// Who came as number `participant` leaves, as there is no more to do: nobody else is to come. Tells whether all have
  /// left that came by its entrance.
  [[nodiscard, gnu::noinline]] bool leave(int participant) noexcept {
    const std::uint32_t seen = state_.load(memory_order_relaxed);
    // All who write this write the same; the caller's next change comes after they have left.
    if ((seen & finished) == 0) state_.store(seen | finished, memory_order_relaxed);
    entrance& e = all_[(participant - 1) / size_of(seen)];
    const auto came = static_cast<std::uint32_t>(e.in.shut());
    // Release and acquire: the last one brings along what the others wrote.
    if (e.left.fetch_add(1, memory_order_acq_rel) + 1 != came) return false;
    e.left.store(0, memory_order_relaxed);  // published by who counts for all
    return true;
  }

  /// Nobody comes any more. Returns by how many entrances workers came.
  [[nodiscard, gnu::noinline]] int shut() noexcept {
    const int count = count_of(state_.load(memory_order_relaxed));
    int used = 0;
    for (int i = 0; i < count; ++i) used += all_[i].in.shut() != 0 ? 1 : 0;
    return used;
  }

  /// After all have left.
  void clear() noexcept { state_.store(0, memory_order_relaxed); }

  /// Whether the last to come by one of them did so on this CPU.
  [[nodiscard, gnu::noinline]] bool one_came_from_here() const noexcept {
    const int count = count_of(state_.load(memory_order_relaxed));
    int i = 0;
    while (i < count && !all_[i].in.last_is_here()) ++i;
    return i < count;
  }

  struct counts {
    int came = 0;
    int wanted = 0;  ///< they, and those whom the loop still lets in
    int used = 0;    ///< by how many entrances they came
    bool open = false;
  };
  /// Relaxed: ordered by threads_for_certain (PROOF.md, lemma 4).
  [[nodiscard, gnu::cold]] counts counted() const noexcept {
    const std::uint32_t seen = state_.load(memory_order_relaxed);
    counts all;
    for (int i = 0; i < count_of(seen); ++i) {
      const gate::counts one = all_[i].in.counted();
      all.came += one.came;
      all.wanted += (seen & finished) != 0 ? one.came : one.wanted;
      all.used += one.came != 0 ? 1 : 0;
      all.open = all.open || (one.open && (seen & finished) == 0);
    }
    return all;
  }

 private:
  // The state: how many are open, and how many workers may come by each; by the last one the rest.
  static constexpr std::uint32_t finished = 1U << 15;
  static constexpr int size_shift = 16;
  static constexpr int count_of(std::uint32_t state) noexcept { return static_cast<int>(state & (finished - 1)); }
  static constexpr int size_of(std::uint32_t state) noexcept { return static_cast<int>(state >> size_shift); }

  /// The first with room from the worker's own on, or null.
  [[nodiscard, gnu::noinline]] entrance* find(int worker, std::uint32_t state) const noexcept {
    if ((state & finished) != 0) return nullptr;
    const int count = count_of(state);
    int i = worker / group % count;
    for (int left = count; left > 0; --left) {
      if (all_[i].in.has_room()) return &all_[i];
      i = i + 1 < count ? i + 1 : 0;
    }
    return nullptr;
  }

  [[nodiscard, gnu::noinline]] int enter_by_one(int worker, std::uint32_t seen) noexcept {
    while (entrance* const e = find(worker, seen)) {
      // The loop may have become another: its state is read again, after the acquire in enter.
      if (const int number = e->in.enter(); number != 0) {
        return static_cast<int>(e - all_) * size_of(state_.load(memory_order_relaxed)) + number;
      }
      seen = state_.load(memory_order_relaxed);
      if (seen == 0) return 0;
    }
    return 0;
  }

  entrance* all_ = nullptr;
  atomic<std::uint32_t> state_{0};  // 0: the loop has none
};

}  // namespace parloop::inline v0_2::detail
