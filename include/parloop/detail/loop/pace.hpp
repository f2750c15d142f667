// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What a thread remembers of the loops that it has called: how they follow one another, what help cost, and whether
/// waking a worker for the sake of the loops to come is due. For detail/loop/run_chunks.hpp.
#pragma once

#include <limits>

#include "../../backend.hpp"
#include "../base/compare.hpp"
#include "../base/ticks.hpp"
#include "balance.hpp"
#include "sharing_trials.hpp"

namespace parloop::inline v0_2::detail {

/// Gaps up to this make loops "close together": the next comes while a worker can still be awake.
inline constexpr std::chrono::nanoseconds close_together = std::chrono::microseconds(100);
/// Less work than this is not worth asking anybody, awake or not.
inline constexpr std::chrono::nanoseconds too_short_to_ask = std::chrono::nanoseconds(2500);
/// Loops of more work than this always ask: prices change.
inline constexpr std::chrono::nanoseconds long_enough_to_ask = std::chrono::microseconds(60);

/// What a thread has learned of one backend's help. Times are in ticks.
struct pace_of_backend {
  const backend* key = nullptr;  // null: of none yet
  balance gains;                 // of help
  double sleepers_price = 0;     // of help, when last asked for; 0: somebody was awake
  double missed = 0;             // what an awake worker would have saved since the last long gap
  double wanted = 0;             // how much of that is worth waking one
  double earned = 0;             // what an awake worker has saved since then
  double share = 0;              // of a loop's work: what help takes over
  ticks used = 0;                // the end of the last loop before the thread turned to another backend
  int bursts = 0;                // that this thread has begun, and that keep its workers awake

  /// Sleepers were asked for their price. In a burst the next loop asks as well, since they are awake soon.
  void note_price(double price) noexcept { sleepers_price = bursts > 0 ? 0 : price; }

  /// After a long gap nobody is awake. A series that ended by chance, by an interrupt, leaves the next what it earned:
  /// half of it at most is lost if the next does not come.
  void start_anew() noexcept {
    missed = smaller(earned / 2, wanted);
    earned = 0;
  }
};

/// Times are in ticks.
class pace {
 public:
  // --- the short way: loops that are known to be small ---

  /// The work that is surely not worth asking `b` (null: the default backend) for help with at `start`. When workers
  /// slept at the last question, it takes what waking one costs, until so much has been missed that one may be woken
  /// for the sake of the loops to come; after a long gap they sleep again, so the count starts anew.
  [[nodiscard]] double not_worth_asking(ticks start, const backend* b) noexcept {
    if (b != current().key) turn_to(b);
    pace_of_backend& of = current();
    if (of.sleepers_price <= least_) return least_;
    if (start - last_end_ > close_) of.start_anew();
    return of.missed < of.wanted ? of.sleepers_price : least_;
  }
  /// How long the first eighth of a loop may take that was predicted to take `predicted`: twice what it should, or so
  /// little that it does not matter.
  [[nodiscard]] double as_expected(double predicted) const noexcept { return larger(predicted, 2 * least_) / 4; }

  /// A loop of `n` iterations that should take `predicted` has ended in its caller, and took `taken`; `close`: of its
  /// body.
  void note_small(ticks end, index_t n, double predicted, double taken, sharing_trials& close) noexcept {
    last_end_ = end;
    note_alone(end, taken - predicted);
    if (predicted <= least_ || close.misses_nothing(n, predicted)) return;
    current().missed += (predicted - least_) * current().share;
  }

  // --- the long way ---

  /// A loop starts: was the gap since the last one short, and is the next one's likely to be? What followed a short gap
  /// or a long one the last times is what is expected to follow, so bursts, pairs and steady rhythms are all learned.
  void note_start(ticks start) noexcept {
    if (least_ < 0) learn_the_clock();
    const ticks gap = last_end_ == 0 ? 0 : larger<ticks>(start - last_end_, 1);
    const bool was_short = gap <= close_;
    int& trust = trust_[after_short_];
    trust = was_short ? smaller(trust + 1, 2) : larger(trust - 1, -1);
    after_short_ = was_short;
    if (was_short) {
      short_gap_ = gap;
    } else {
      long_gap_ = gap;
      current().start_anew();
    }
  }
  void note_end(ticks end) noexcept { last_end_ = end; }

  /// Whether the loop that starts came after a long gap.
  [[nodiscard]] bool after_pause() const noexcept { return !after_short_; }

  /// The gap that is expected between this loop and the next: a short one if loops like this were followed by one.
  [[nodiscard]] ticks expected_gap() const noexcept { return trust_[after_short_] > 0 ? short_gap_ : long_gap_; }

  /// The loop runs on `b`; what was learned about waking workers holds for one backend.
  void note_backend(const backend* b) noexcept {
    if (b != current().key) turn_to(b);
  }

  /// A loop that was too short to wake a sleeper for would have gained this much from a worker that is awake.
  void note_missed(double gain) noexcept { current().missed += gain; }

  /// Whether to wake a sleeper for the sake of the loops to come, at `price`: each of a series of close loops may be
  /// too short for that, and all together worth it. `share` of the work is what help takes over.
  [[nodiscard]] bool time_to_invest(double price, double share) noexcept {
    pace_of_backend& of = current();
    of.share = share;
    of.wanted = price;
    const bool due = after_short_ && of.missed >= price;
    if (due) of.missed = 0;
    of.note_price(due ? 0 : smaller(price, always_));  // the next is to find out whether one is awake
    return due;
  }
  /// Nobody is awake, and nobody would stay so for the loops to come: help has its `price`, each time.
  void note_asleep(double price) noexcept {
    current().note_price(smaller(price, always_));
    current().wanted = std::numeric_limits<double>::infinity();
  }
  /// A worker was found awake.
  void note_awake() noexcept {
    current().sleepers_price = 0;
  }

  /// The workers of `b` are kept awake until note_burst_end: small loops ask as well, whatever was learned before.
  [[gnu::cold]] void note_burst(const backend* b) noexcept {
    if (least_ < 0) learn_the_clock();
    note_backend(b);
    ++current().bursts;
    current().note_price(0);
  }
  /// Nothing, where `b` has been forgotten meanwhile, or another thread began the burst.
  [[gnu::cold]] void note_burst_end(const backend* b) noexcept {
    for (pace_of_backend& of : known_) {
      if (of.key == b && of.bursts > 0) --of.bursts;
    }
  }

  /// What help has cost more than it gained; 0: it pays.
  [[nodiscard]] double debt(ticks start) noexcept { return current().gains.debt(start); }
  /// A debt is part of the price: loops that may gain more ask all the same, small ones not until as much was missed.
  void note_debt(double debt) noexcept {
    current().sleepers_price = always_;
    current().wanted = debt;
    current().missed = 0;
  }
  /// A loop that was shared took so much less than it would have taken alone; negative: more.
  void note_shared(ticks end, double gain) noexcept { current().gains.add(end, gain); }
  /// A loop that was not shared took so much longer than it should. A caller that is stopped now and then when it is
  /// alone may be stopped as well when it has help.
  void note_alone(ticks end, double late) noexcept {
    if (late > current().gains.tolerance()) current().gains.add(end, late);
  }
  /// A loop gained so much from a worker that was awake.
  void note_earned(double gain) noexcept { current().earned += larger(gain, 0.0); }

 private:
  [[nodiscard]] pace_of_backend& current() noexcept { return known_[at_]; }

  /// Makes `b` the backend that the rest is about: by what was learned of it or, if that is nothing or forgotten, anew
  /// in place of the one that has not been used for longest.
  [[gnu::cold, gnu::noinline]] void turn_to(const backend* b) noexcept {
    current().used = last_end_;
    int found = 0;
    for (int i = 0; i < backends; ++i) {
      if (known_[i].key == b) {
        found = i;
        break;
      }
      if (known_[i].used < known_[found].used) found = i;
    }
    at_ = found;
    pace_of_backend& of = known_[found];
    if (of.key != b || b == nullptr) {  // null: a default that does not exist yet
      of = {};
      of.key = b;
      of.gains.learn_the_clock();
    } else if (last_end_ - of.used > close_) {
      of.start_anew();
    }
  }

  [[gnu::cold, gnu::noinline]] void learn_the_clock() noexcept {
    least_ = static_cast<double>(to_ticks(too_short_to_ask));
    close_ = to_ticks(close_together);
    current().gains.learn_the_clock();
    always_ = static_cast<double>(to_ticks(long_enough_to_ask));
  }

  static constexpr int backends = 4;  // that a thread uses in turn without forgetting one

  // What the short way uses stands together.
  ticks last_end_ = 0;  // of the last loop; 0: there was none
  double least_ = -1;   // too_short_to_ask; negative until the first long loop, so that all are long till then
  ticks close_ = 0;     // close_together
  int at_ = 0;          // which of the known backends the last loop was for
  pace_of_backend known_[backends];
  ticks short_gap_ = 0;    // the last gap that was short
  ticks long_gap_ = 0;     // the last that was not
  double always_ = 0;      // long_enough_to_ask
  int trust_[2] = {1, 1};  // > 0: after a long, or a short, gap comes a short one
  bool after_short_ = true;
};
inline thread_local constinit pace pace_here{};

}  // namespace parloop::inline v0_2::detail
