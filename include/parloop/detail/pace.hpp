// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What a thread remembers of the loops that it has called: how they follow one another, what help cost, and whether
/// waking a worker for the sake of the loops to come is due. For detail/run_chunks.hpp.
#pragma once

#include <limits>

#include "../backend.hpp"
#include "balance.hpp"
#include "compare.hpp"
#include "ticks.hpp"

namespace parloop::inline v0::detail {

/// Gaps up to this make loops "close together": the next comes while a worker can still be awake.
inline constexpr std::chrono::nanoseconds close_together = std::chrono::microseconds(100);
/// Less work than this is not worth asking anybody, awake or not.
inline constexpr std::chrono::nanoseconds too_short_to_ask = std::chrono::nanoseconds(2500);
/// Loops of more work than this always ask: prices change.
inline constexpr std::chrono::nanoseconds long_enough_to_ask = std::chrono::microseconds(60);
/// For how long vain attempts to keep a worker awake make the next ones rarer.
inline constexpr std::chrono::nanoseconds impatience = std::chrono::milliseconds(10);

/// Times are in ticks.
class pace {
 public:
  // --- the short way: loops that are known to be small ---

  /// The work that is surely not worth asking `b` (null: the default backend) for help with at `start`. When workers
  /// slept at the last question, it takes what waking one costs, until so much has been missed that one may be woken
  /// for the sake of the loops to come; after a long gap they sleep again, so the count starts anew.
  [[nodiscard]] double not_worth_asking(ticks start, const backend* b) noexcept {
    if (sleepers_price_ <= least_ || b != asked_) return least_;
    if (start - last_end_ > close_) start_anew();
    return missed_ < wanted_ ? sleepers_price_ : least_;
  }
  /// How long the first eighth of a loop may take that was predicted to take `predicted`: twice what it should, or so
  /// little that it does not matter.
  [[nodiscard]] double as_expected(double predicted) const noexcept { return larger(predicted, 2 * least_) / 4; }

  /// A loop that should take `predicted` has ended in its caller, and took `taken`.
  void note_small(ticks end, double predicted, double taken) noexcept {
    last_end_ = end;
    note_alone(end, taken - predicted);
    if (predicted > least_) missed_ += larger(predicted * share_ - least_, 0.0);
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
      start_anew();
    }
  }
  void note_end(ticks end) noexcept { last_end_ = end; }

  /// The gap that is expected between this loop and the next: a short one if loops like this were followed by one.
  [[nodiscard]] ticks expected_gap() const noexcept { return trust_[after_short_] > 0 ? short_gap_ : long_gap_; }

  /// What was learned about waking workers holds for one backend; null: the default one.
  void note_backend(const backend* b) noexcept {
    if (b == asked_) return;
    asked_ = b;
    missed_ = 0;
    earned_ = 0;
    patience_ = 1;
    sleepers_price_ = 0;
    investing_ = false;
  }

  /// A loop that was too short to wake a sleeper for would have gained this much from a worker that is awake.
  void note_missed(double gain) noexcept { missed_ += gain; }

  /// Whether to wake a sleeper for the sake of the loops to come, at `price`: each of a series of close loops may be
  /// too short for that, and all together worth it. When the worker was not kept awake by its idle policy, the attempt
  /// was vain, and the next has to wait for twice as much. `share` of the work is what help takes over.
  [[nodiscard]] bool time_to_invest(ticks start, double price, double share) noexcept {
    share_ = share;
    if (investing_ && after_short_) {            // after a long gap nobody is expected to be awake
      patience_ = smaller(2 * patience_, 16.0);  // then vain attempts cost less than 1 % of the loops' time
      vain_ = start;
    }
    if (start - vain_ > forgotten_) patience_ = 1;
    wanted_ = price * patience_;
    investing_ = after_short_ && missed_ >= wanted_;
    if (investing_) missed_ = 0;
    sleepers_price_ = investing_ ? 0 : smaller(price, always_);  // the next is to find out whether the worker is awake
    return investing_;
  }
  /// Nobody is awake, and nobody would stay so for the loops to come: help has its `price`, each time.
  void note_asleep(double price) noexcept {
    sleepers_price_ = smaller(price, always_);
    wanted_ = std::numeric_limits<double>::infinity();
    investing_ = false;
  }
  /// A worker was found awake.
  void note_awake() noexcept {
    sleepers_price_ = 0;
    if (investing_) patience_ = 1;
    investing_ = false;
  }

  /// What help has cost more than it gained; 0: it pays.
  [[nodiscard]] double debt(ticks start) noexcept { return gains_.debt(start); }
  /// A debt is part of the price: loops that may gain more ask all the same, small ones not until as much was missed.
  void note_debt(double debt) noexcept {
    sleepers_price_ = always_;
    wanted_ = debt;
    missed_ = 0;
    investing_ = false;
  }
  /// A loop that was shared took so much less than it would have taken alone; negative: more.
  void note_shared(ticks end, double gain) noexcept { gains_.add(end, gain); }
  /// A loop that was not shared took so much longer than it should. A caller that is stopped now and then when it is
  /// alone may be stopped as well when it has help.
  void note_alone(ticks end, double late) noexcept {
    if (late > gains_.tolerance()) gains_.add(end, late);
  }
  /// A loop gained so much from a worker that was awake.
  void note_earned(double gain) noexcept { earned_ += larger(gain, 0.0); }

 private:
  /// After a long gap nobody is awake. A series that ended by chance, by an interrupt, leaves the next what it earned:
  /// half of it at most is lost if the next does not come.
  void start_anew() noexcept {
    missed_ = smaller(earned_ / 2, wanted_);
    earned_ = 0;
  }

  [[gnu::noinline]] void learn_the_clock() noexcept {
    least_ = static_cast<double>(to_ticks(too_short_to_ask));
    close_ = to_ticks(close_together);
    forgotten_ = to_ticks(impatience);
    gains_.learn_the_clock();
    always_ = static_cast<double>(to_ticks(long_enough_to_ask));
  }

  // What the short way uses stands together.
  balance gains_;              // of help
  ticks last_end_ = 0;         // of the last loop; 0: there was none
  double least_ = -1;          // too_short_to_ask; negative until the first long loop, so that all are long till then
  double sleepers_price_ = 0;  // of help, when last asked for; 0: somebody was awake
  ticks close_ = 0;            // close_together
  double missed_ = 0;          // what an awake worker would have saved since the last long gap
  double wanted_ = 0;          // how much of that is worth waking one
  double earned_ = 0;          // what an awake worker has saved since then
  double share_ = 0;           // of a loop's work: what help takes over
  const backend* asked_ = nullptr;
  ticks short_gap_ = 0;    // the last gap that was short
  ticks long_gap_ = 0;     // the last that was not
  ticks vain_ = 0;         // when an attempt was last found to be vain
  ticks forgotten_ = 0;    // impatience
  double always_ = 0;      // long_enough_to_ask
  double patience_ = 1;    // how many times its price a wake-up has to have been missed before it is invested
  int trust_[2] = {1, 1};  // > 0: after a long, or a short, gap comes a short one
  bool after_short_ = true;
  bool investing_ = false;  // a worker was woken for the sake of the loops to come
};
inline thread_local constinit pace pace_here{};

}  // namespace parloop::inline v0::detail
