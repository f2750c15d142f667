// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Who runs which chunk: equal shares first, then whoever has run out takes half of the largest share that is left;
/// every participant measures its chunks and sizes the next by time. For the backends.
#pragma once

#include <cstdint>

#include "../../backend.hpp"
#include "../base/atomic.hpp"
#include "../base/compare.hpp"
#include "../base/place_in_loop.hpp"
#include "../base/ticks.hpp"
#include "nesting.hpp"
#include "shares.hpp"

namespace parloop::inline v0_2::detail {

/// Chunks are sized by time. Shorter ones than this are not cut off a share: a cut costs some 0.15 us (a clock reading,
/// a compare-exchange, and the overlap of iterations in the processor that ends there).
inline constexpr std::chrono::nanoseconds shortest_chunk = std::chrono::microseconds(4);
/// No chunk is planned to last longer: this bounds how long the others wait at the end for the last one.
inline constexpr std::chrono::nanoseconds longest_chunk = std::chrono::microseconds(50);

/// The iterations of one loop, dealt out to participants. Lives on the stack of the loop's caller.
///
/// Positions count quanta of `quantum` iterations. shares.hpp has who may take which.
class alignas(64) range_stealing {
  using stretch = shares::stretch;

 public:
  /// `head_start`: how much later than the caller the others are expected to begin; the caller's share is larger by it.
  range_stealing(const loop& work, int participants, std::chrono::nanoseconds head_start) noexcept
      : chunk_(work.chunk), n_(work.n), quantum_(work.grain), participants_(participants) {
    constexpr index_t most_quanta = index_t{1} << 31;
    index_t all = (n_ - 1) / quantum_ + 1;
    if (all > most_quanta) {
      quantum_ *= (all - 1) / most_quanta + 1;
      all = (n_ - 1) / quantum_ + 1;
    }
    const auto quanta = static_cast<std::uint32_t>(all);
    participants_ = static_cast<int>(smaller<index_t>(all, within(participants, 1, most_participants)));
    const double rate = ticks_per_nanosecond();
    expected_quantum_ = work.iteration.count() * static_cast<double>(quantum_) * rate;
    std::uint32_t extra = 0;
    if (expected_quantum_ > 0) {
      const double ahead = static_cast<double>(head_start.count()) * rate / expected_quantum_;
      extra = static_cast<std::uint32_t>(smaller<double>(ahead, quanta));
    }
    shares_.deal(participants_, quanta, extra);
  }

  range_stealing(const range_stealing&) = delete;
  range_stealing& operator=(const range_stealing&) = delete;
  ~range_stealing() = default;

  /// Whose loop this is, for those who take part (detail/team/nesting.hpp). To be set before the others are let in;
  /// stands here, and not beside the dealing, because a cache line more costs each of them 0.2 us.
  const void* owner = nullptr;
  door_set doors = 0;

  /// How many threads can take part; at most what was asked for.
  [[nodiscard]] int participants() const noexcept { return participants_; }

  /// One thread's part in the loop. Each number in [0, participants()) is used once at most; not all have to come.
  class participant {
   public:
    participant(range_stealing& d, int number) noexcept
        : dealing_(d), number_(number), quantum_ticks_(d.expected_quantum_), last_(now()) {
      if (quantum_ticks_ > 0) most_ = std::uint64_t{1} << 32;  // measured already: no need to feel the way
      place_here.number = number;
    }
    participant(const participant&) = delete;
    participant& operator=(const participant&) = delete;
    ~participant() { place_here.number = outer_; }

    /// Takes the first chunk, for the next step to run. Only while no other participant can have come: then it needs no
    /// locked instruction, which would wait until the stores that let the others in have reached them, 0.2 us.
    void take_first() noexcept {
      atomic<stretch>& share = dealing_.shares_.of(number_);
      const stretch all = share.load(memory_order_relaxed);
      taken_ = {all.begin, all.begin + chunk_size(all.end - all.begin)};
      share.store({taken_.end, all.end}, memory_order_relaxed);
    }

    /// Runs one chunk; false when nothing is left to take.
    bool step() noexcept {
      if (taken_.begin == taken_.end) {
        if (!take() && !steal()) return false;
      }
      const std::uint32_t size = taken_.end - taken_.begin;
      dealing_.run(taken_);
      taken_ = {};
      const ticks t = now();
      // A counter that stood still or went back (another CPU's) counts as one tick.
      quantum_ticks_ = static_cast<double>(larger<ticks>(t - last_, 1)) / size;
      last_ = t;
      most_ = std::uint64_t{8} * size;
      return true;
    }

    void drain() noexcept {
      while (step()) {
      }
    }

   private:
    /// Takes the next chunk off the front of the own share: half of what is left, within the time limits. Chunks grow
    /// eightfold at most, because the first are slow for reasons that pass (cold caches, page faults).
    bool take() noexcept {
      atomic<stretch>& share = dealing_.shares_.of(number_);
      stretch seen = share.load(memory_order_relaxed);
      while (seen.begin != seen.end) {
        const stretch chunk{seen.begin, seen.begin + chunk_size(seen.end - seen.begin)};
        if (share.compare_exchange_weak(seen, {chunk.end, seen.end}, memory_order_relaxed)) {
          taken_ = chunk;
          return true;
        }
      }
      return false;
    }

    [[nodiscard, gnu::noinline]] std::uint32_t chunk_size(std::uint32_t left) const noexcept {
      const std::uint32_t shortest = quanta_in(shortest_chunk);
      const std::uint32_t longest = quanta_in(longest_chunk);
      // No crumbs: what would leave less than half a chunk takes all.
      const std::uint32_t wanted = left <= shortest + shortest / 2 ? left : larger(left - left / 2, shortest);
      return static_cast<std::uint32_t>(smaller<std::uint64_t>(smaller(wanted, larger(longest, shortest)), most_));
    }

    /// As many as take so long; 1 to 10^9.
    [[nodiscard]] std::uint32_t quanta_in(std::chrono::nanoseconds duration) const noexcept {
      const double all = ticks_per_nanosecond() * static_cast<double>(duration.count());
      return quantum_ticks_ > 0 ? static_cast<std::uint32_t>(within(all / quantum_ticks_, 1.0, 1e9)) : 1;
    }

    /// The first chunk of what is stolen is the thief's for certain: else several could steal one from each other for
    /// ever.
    bool steal() noexcept {
      const stretch stolen =
          dealing_.shares_.steal(number_, dealing_.participants_, [this] { return quanta_in(shortest_chunk); });
      if (stolen.begin == stolen.end) return false;
      taken_ = {stolen.begin, stolen.begin + chunk_size(stolen.end - stolen.begin)};
      dealing_.shares_.refill(number_, dealing_.participants_, {taken_.end, stolen.end});
      return true;
    }

    range_stealing& dealing_;
    int number_;
    int outer_ = place_here.number;  // the thread's number in what is around this loop
    stretch taken_{};                // the chunk that is to run next; none when it is empty
    double quantum_ticks_;           // of the last chunk
    ticks last_;                     // when it ended
    std::uint64_t most_ = 8;         // quanta in the next chunk
  };

 private:
  void run(stretch quanta) const noexcept {
    // Unsigned, because the end of the last quantum may lie beyond index_t.
    const auto stop = static_cast<index_t>(quanta.end * static_cast<std::uint64_t>(quantum_));
    chunk_(quanta.begin * quantum_, stop < n_ && stop > 0 ? stop : n_);
  }

  chunk_fn chunk_;
  index_t n_;
  index_t quantum_;
  double expected_quantum_ = 0;  // ticks; 0: not known
  int participants_;
  shares shares_;
};

}  // namespace parloop::inline v0_2::detail
