// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Whether loops are done sooner by help at all: both ways are tried. For detail/loop/body_memory.hpp.
#pragma once

#include "../../index.hpp"
#include "../base/atomic.hpp"
#include "../base/compare.hpp"

namespace parloop::inline v0_2::detail {

/// Of loops over one type of body: how long they took alone and shared. What help should save can be reckoned, but not
/// what it does: many threads come to a loop one after the other, two CPUs may have no more memory bandwidth than one,
/// and caches that a pause has emptied make the first iterations, by which the rest is judged, the slowest. So the
/// other way is tried now and then, and the loops go the way that has been the quicker; with help only if that saves an
/// eighth, since it takes the CPU time of others.
///
/// The longer a trial took, the more loops go by before the next, so that all trials cost some two per cent. A loop
/// that seems to gain much by help is not tried alone, as that might take many times as long.
///
/// Times are in ticks. Relaxed: hints, as in body_memory.
class sharing_trials {
 public:
  /// How long `n` iterations take in their caller, if that is the way for the next loop where help is that of the
  /// backend `giver`; else 0.
  [[nodiscard]] double alone(const void* giver, index_t n) const noexcept {
    const auto size = static_cast<double>(n);
    const double shared = shared_.load(memory_order_relaxed);
    const double alone = alone_.load(memory_order_relaxed);
    if (shared <= 0 || !is_alike(giver, size) || is_better(alone, shared) == is_due()) return 0;
    return size * (alone > 0 ? alone : 2 * shared);
  }

  /// Whether a loop of `n` iterations that takes `likely` alone, and ran so as nobody was there to help, has missed
  /// nothing. It counts as one between trials. Loops that take longer than those that were tried are another matter.
  [[nodiscard]] bool misses_nothing(index_t n, double likely) noexcept {
    constexpr double longer = 1.5;  // times as long as those
    const double tried = static_cast<double>(alone_.load(memory_order_relaxed)) * static_cast<double>(n);
    if (!alone_is_better() || is_due() || likely > longer * tried) return false;
    left_.store(left_.load(memory_order_relaxed) - 1, memory_order_relaxed);
    return true;
  }

  /// `n` iterations took `took`, shared, and should take `expected` alone, by what is known of them. They are tried
  /// alone after the first `first` loops, and only when that should not take more than `much` times as long.
  void note_shared(const void* giver, index_t n, double took, double expected, double much, int first) noexcept {
    const auto size = static_cast<double>(n);
    const double alone = static_cast<double>(alone_.load(memory_order_relaxed)) * size;
    const bool other_work = alone > 0 && (expected > different * alone || different * expected < alone);
    if (other_work || !is_alike(giver, size)) {
      giver_.store(giver, memory_order_relaxed);
      size_.store(static_cast<float>(size), memory_order_relaxed);
      alone_.store(0, memory_order_relaxed);
      shared_.store(0, memory_order_relaxed);
      left_.store(first, memory_order_relaxed);
    }
    note(shared_, alone_, took / size, expected < much * took);
  }
  /// They took `took` in their caller, where help was to be had.
  void note_alone(const void* giver, index_t n, double took) noexcept {
    const auto size = static_cast<double>(n);
    if (is_alike(giver, size)) note(alone_, shared_, took / size, true);
  }

 private:
  static constexpr double saved = 1.0 / 8;  // of a loop's time, at least, by help
  static constexpr double repeated = 50;    // loops until a trial that took twice as long is repeated
  static constexpr int fewest = 32;         // loops between two trials
  static constexpr double most = 1000;      // likewise
  static constexpr int soon = 4;            // between the first two, as an interrupt may have spoilt the first
  static constexpr double different = 4;    // times as long or as short: the iterations do other work than before

  /// Loops of another size, or another backend's, are another matter.
  [[nodiscard]] bool is_alike(const void* giver, double size) const noexcept {
    const double before = size_.load(memory_order_relaxed);
    return giver_.load(memory_order_relaxed) == giver && size <= 2 * before && before <= 2 * size;
  }
  [[nodiscard]] bool is_due() const noexcept { return left_.load(memory_order_relaxed) <= 0; }
  /// Whether loops are better run in their callers; 0: not known.
  [[nodiscard]] static bool is_better(double alone, double shared) noexcept {
    return alone > 0 && shared > (1 - saved) * alone;
  }
  /// Whether loops were last done sooner in their callers.
  [[nodiscard]] bool alone_is_better() const noexcept {
    return is_better(alone_.load(memory_order_relaxed), shared_.load(memory_order_relaxed));
  }

  /// An iteration took `taken` one way, and `other` the other way.
  void note(atomic<float>& way, const atomic<float>& other, double taken, bool may_try) noexcept {
    const bool was_better = alone_is_better();
    const bool is_trial = was_better == (&way == &shared_) && other.load(memory_order_relaxed) > 0;
    // An interrupt makes one loop look long, so what is longer counts for little.
    const double before = way.load(memory_order_relaxed);
    const double likely = before > 0 && taken >= before ? (3 * before + smaller(taken, 2 * before)) / 4 : taken;
    way.store(static_cast<float>(likely), memory_order_relaxed);
    const int left = left_.load(memory_order_relaxed);
    if (is_trial || was_better != alone_is_better()) {
      const double lost = repeated * (likely / static_cast<double>(other.load(memory_order_relaxed)) - 1);
      left_.store(before > 0 ? larger(static_cast<int>(smaller(lost, most)), fewest) : soon, memory_order_relaxed);
    } else if (left > 0 && may_try) {
      left_.store(left - 1, memory_order_relaxed);
    }
  }

  atomic<const void*> giver_{nullptr};
  atomic<float> size_{0};    // iterations that the loops have, roughly
  atomic<float> alone_{0};   // what one takes; 0: not known
  atomic<float> shared_{0};  // the loop's time over its iterations; 0: not known
  atomic<int> left_{0};      // loops until the next trial
};

}  // namespace parloop::inline v0_2::detail
