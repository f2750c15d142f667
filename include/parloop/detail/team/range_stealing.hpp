// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Who runs which chunk: equal shares first, then whoever has run out takes half of the largest share that is left;
/// every participant measures its chunks and sizes the next by time. For the backends.
#pragma once

#include <cstdint>
#include <new>
#include <utility>

#include "../../backend.hpp"
#include "../base/atomic.hpp"
#include "../base/compare.hpp"
#include "../base/ticks.hpp"

namespace parloop::inline v0_2::detail {

/// Most threads that one loop is dealt to.
inline constexpr int most_participants = 256;

/// Chunks are sized by time. Shorter ones than this are not cut off a share: a cut costs some 0.15 us (a clock reading,
/// a compare-exchange, and the overlap of iterations in the processor that ends there).
inline constexpr std::chrono::nanoseconds shortest_chunk = std::chrono::microseconds(4);
/// No chunk is planned to last longer: this bounds how long the others wait at the end for the last one.
inline constexpr std::chrono::nanoseconds longest_chunk = std::chrono::microseconds(50);

/// The iterations of one loop, dealt out to participants. Lives on the stack of the loop's caller.
///
/// Positions count quanta of `quantum` iterations. A share is a pair [begin, end) of positions, packed into one atomic
/// word, and is the whole truth about who runs them: to take some is to shrink the word by compare-exchange. The owner
/// takes from the front, others from the back. Only the owner refills its share, and only when it is empty, when nobody
/// else changes it. Every operation is relaxed: the word carries its own value, and what the body reads and writes is
/// ordered by the backend's start and end of the loop.
class alignas(64) range_stealing {
 public:
  /// `head_start`: how much later than the caller the others are expected to begin; the caller's share is larger by it.
  range_stealing(const loop& work, int participants, std::chrono::nanoseconds head_start) noexcept
      : chunk_(work.chunk), n_(work.n), quantum_(work.grain), participants_(participants) {
    constexpr std::uint64_t most_quanta = std::uint64_t{1} << 31;
    if (ceil_divide(n_, quantum_) > most_quanta) {
      quantum_ *= static_cast<index_t>(ceil_divide(ceil_divide(n_, quantum_), most_quanta));
    }
    const std::uint64_t quanta = ceil_divide(n_, quantum_);
    participants_ = static_cast<int>(
        smaller<std::uint64_t>(quanta, static_cast<std::uint64_t>(within(participants, 1, most_participants))));
    const double rate = ticks_per_nanosecond();
    expected_quantum_ = work.iteration.count() * static_cast<double>(quantum_) * rate;
    std::uint64_t extra = 0;
    if (expected_quantum_ > 0) {
      const double ahead = static_cast<double>(head_start.count()) * rate / expected_quantum_;
      extra = truncated(smaller(ahead, as_double(quanta)));
    }
    deal(quanta, extra);
  }

  range_stealing(const range_stealing&) = delete;
  range_stealing& operator=(const range_stealing&) = delete;
  ~range_stealing() = default;  // the shares are trivially destructible

  /// Whose loop this is, for those who take part (detail/team/nesting.hpp). To be set before the others are let in;
  /// stands here, and not beside the dealing, because a cache line more costs each of them 0.2 us.
  const void* owner = nullptr;
  std::uint32_t doors = 0;

  /// How many threads can take part; at most what was asked for.
  [[nodiscard]] int participants() const noexcept { return participants_; }

  /// One thread's part in the loop. Each number in [0, participants()) is used once at most; not all have to come.
  class participant {
   public:
    participant(range_stealing& d, int number) noexcept
        : dealing_(d), number_(number), quantum_ticks_(d.expected_quantum_), last_(now()) {
      if (quantum_ticks_ > 0) most_ = std::uint64_t{1} << 32;  // measured already: no need to feel the way
    }

    /// Takes the first chunk, for the next step to run. Only while no other participant can have come: then it needs no
    /// locked instruction, which would wait until the stores that let the others in have reached them, 0.2 us.
    void take_first() noexcept {
      atomic<std::uint64_t>& share = dealing_.shares_[number_].left;
      const std::uint64_t all = share.load(memory_order_relaxed);
      begin_ = first(all);
      end_ = begin_ + chunk_size(last(all) - begin_);
      share.store(pack(end_, last(all)), memory_order_relaxed);
    }

    /// Runs one chunk; false when nothing is left to take.
    bool step() noexcept {
      std::uint64_t begin = std::exchange(begin_, 0);
      std::uint64_t end = std::exchange(end_, 0);
      if (begin == end) {
        while (!take(begin, end)) {
          if (!steal()) return false;
        }
      }
      dealing_.run(begin, end);
      const ticks t = now();
      // A counter that stood still or went back (another CPU's) counts as one tick.
      quantum_ticks_ = static_cast<double>(larger<ticks>(t - last_, 1)) / as_double(end - begin);
      last_ = t;
      most_ = 8 * (end - begin);
      return true;
    }

    void drain() noexcept {
      while (step()) {
      }
    }

   private:
    /// Takes the next chunk off the front of the own share: half of what is left, within the time limits. Chunks grow
    /// eightfold at most, because the first are slow for reasons that pass (cold caches, page faults).
    bool take(std::uint64_t& begin, std::uint64_t& end) noexcept {
      atomic<std::uint64_t>& share = dealing_.shares_[number_].left;
      std::uint64_t seen = share.load(memory_order_relaxed);
      while (true) {
        begin = first(seen);
        const std::uint64_t left = last(seen) - begin;
        if (left == 0) return false;
        end = begin + chunk_size(left);
        if (share.compare_exchange_weak(seen, pack(end, last(seen)), memory_order_relaxed)) return true;
      }
    }

    [[nodiscard, gnu::noinline]] std::uint64_t chunk_size(std::uint64_t left) const noexcept {
      const double rate = ticks_per_nanosecond();
      const std::uint64_t shortest = quanta_in(rate * static_cast<double>(shortest_chunk.count()));
      const std::uint64_t longest = quanta_in(rate * static_cast<double>(longest_chunk.count()));
      // No crumbs: what would leave less than half a chunk takes all.
      const std::uint64_t wanted = left <= shortest + shortest / 2 ? left : larger((left + 1) / 2, shortest);
      return smaller(smaller(wanted, larger(longest, shortest)), most_);
    }

    [[nodiscard]] std::uint64_t quanta_in(double duration) const noexcept {
      const double quanta = quantum_ticks_ > 0 ? duration / quantum_ticks_ : 1.0;
      return quanta < 1.0 ? 1 : quanta > 1e9 ? 1'000'000'000 : truncated(quanta);
    }

    /// Moves the back half of the largest share, or all of one that is short, into the own one, which is empty.
    bool steal() noexcept {
      while (true) {
        int victim = -1;
        std::uint64_t seen = 0;
        std::uint64_t largest = 0;
        for (int i = 0; i < dealing_.participants_; ++i) {
          const std::uint64_t s = dealing_.shares_[i].left.load(memory_order_relaxed);
          if (last(s) - first(s) > largest) {
            largest = last(s) - first(s);
            victim = i;
            seen = s;
          }
        }
        if (victim < 0) return false;
        const std::uint64_t crumbs = quanta_in(ticks_per_nanosecond() * static_cast<double>(shortest_chunk.count()));
        const std::uint64_t middle = largest <= crumbs ? first(seen) : first(seen) + largest / 2;
        if (dealing_.shares_[victim].left.compare_exchange_strong(seen, pack(first(seen), middle),
                                                                  memory_order_relaxed)) {
          dealing_.shares_[number_].left.store(pack(middle, last(seen)), memory_order_relaxed);
          return true;
        }
      }
    }

    range_stealing& dealing_;
    int number_;
    std::uint64_t begin_ = 0;  // the chunk that is taken and has not run; none when they are equal
    std::uint64_t end_ = 0;
    double quantum_ticks_;    // of the last chunk
    ticks last_;              // when it ended
    std::uint64_t most_ = 8;  // quanta in the next chunk
  };

 private:
  struct alignas(64) share {
    share() noexcept {}  // NOLINT: the constructor of range_stealing makes those that are used
    ~share() = default;
    union {
      atomic<std::uint64_t> left;
    };
  };

  static constexpr std::uint64_t pack(std::uint64_t begin, std::uint64_t end) noexcept { return begin << 32 | end; }
  static constexpr std::uint64_t first(std::uint64_t share) noexcept { return share >> 32; }
  static constexpr std::uint64_t last(std::uint64_t share) noexcept { return share & 0xffffffff; }
  // Counts of quanta are below 2^32; by way of the signed type, because processors convert that in one instruction.
  static constexpr double as_double(std::uint64_t quanta) noexcept {
    return static_cast<double>(static_cast<std::int64_t>(quanta));
  }
  static constexpr std::uint64_t truncated(double quanta) noexcept {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(quanta));
  }
  static constexpr std::uint64_t ceil_divide(index_t n, index_t by) noexcept {
    return static_cast<std::uint64_t>((n - 1) / by) + 1;
  }
  static constexpr std::uint64_t ceil_divide(std::uint64_t n, std::uint64_t by) noexcept { return (n - 1) / by + 1; }

  /// Equal shares, but for `extra` quanta that the first has more. Remainders are spread.
  [[gnu::noinline]] void deal(std::uint64_t quanta, std::uint64_t extra) noexcept {
    const auto count = static_cast<std::uint64_t>(participants_);
    const std::uint64_t each = (quanta - extra) / count;
    const std::uint64_t remainder = (quanta - extra) % count;
    std::uint64_t begin = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t end = begin + each + (i < remainder ? 1 : 0) + (i == 0 ? extra : 0);
      ::new (static_cast<void*>(&shares_[i].left)) atomic<std::uint64_t>(pack(begin, end));
      begin = end;
    }
  }

  void run(std::uint64_t begin, std::uint64_t end) const noexcept {
    // Unsigned, because the end of the last quantum may lie beyond index_t.
    const auto stop = static_cast<index_t>(end * static_cast<std::uint64_t>(quantum_));
    chunk_(static_cast<index_t>(begin) * quantum_, stop < n_ && stop > 0 ? stop : n_);
  }

  chunk_fn chunk_;
  index_t n_;
  index_t quantum_;
  double expected_quantum_ = 0;  // ticks; 0: not known
  int participants_;
  share shares_[most_participants];
};

}  // namespace parloop::inline v0_2::detail
