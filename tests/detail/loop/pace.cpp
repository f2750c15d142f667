// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What a thread learns of the loops that it calls, on made-up times.
#include <parloop/backend/serial.hpp>
#include <parloop/detail/loop/pace.hpp>

#include "../../catch.hpp"

namespace d = parloop::detail;
namespace pl = parloop;
using namespace std::chrono_literals;

namespace {

/// A caller of loops that all stay in it, on a clock of its own.
struct caller {
  d::pace pace;
  d::sharing_trials trials;  // of nothing yet
  d::ticks now = d::to_ticks(1s);
  const double price = static_cast<double>(d::to_ticks(30us));

  void wait(std::chrono::nanoseconds gap) { now += d::to_ticks(gap); }

  /// A loop of `work` while every worker sleeps; whether a worker was woken for the sake of the next ones.
  bool loop(std::chrono::nanoseconds work, bool awake = false) {
    const auto predicted = static_cast<double>(d::to_ticks(work));
    if (predicted < pace.not_worth_asking(now, nullptr)) {
      now += d::to_ticks(work);
      pace.note_small(now, 100, predicted, predicted, trials);
      return false;
    }
    pace.note_start(now);
    pace.note_backend(nullptr);
    bool woken = false;
    if (awake) {
      pace.note_awake();
      pace.note_earned(predicted / 2);
    } else {
      woken = pace.time_to_invest(price, 0.5);
      const double gain = (predicted - static_cast<double>(d::to_ticks(d::too_short_to_ask))) / 2;
      if (!woken && gain > 0) pace.note_missed(gain);
    }
    now += d::to_ticks(work);
    pace.note_end(now);
    return woken;
  }

  /// The number of loops until a worker is woken; 0: more than `most`.
  int loops_until_woken(std::chrono::nanoseconds work, std::chrono::nanoseconds gap, int most = 1000) {
    for (int l = 1; l <= most; ++l) {
      wait(gap);
      if (loop(work)) return l;
    }
    return 0;
  }
};

}  // namespace

TEST_CASE("close loops wake a worker when together they are worth it") {
  // Half is saved of what 10 us are longer than what is worth asking for: 3.75 us a loop, and waking costs 30.
  caller c;
  const int loops = c.loops_until_woken(10us, 20us);
  CHECK(loops >= 8);
  CHECK(loops <= 12);
}

TEST_CASE("close loops that help makes no shorter wake a worker only for a trial") {
  caller c;
  const auto both_ways = static_cast<double>(d::to_ticks(10us));
  for (int i = 0; i < 2; ++i) c.trials.note_shared(nullptr, 100, both_ways, both_ways, 2, 2);
  for (int i = 0; i < 5; ++i) c.trials.note_alone(nullptr, 100, both_ways);
  c.trials.note_shared(nullptr, 100, both_ways, both_ways, 2, 2);  // the second trial
  const int loops = c.loops_until_woken(10us, 20us);
  CHECK(loops >= 32);
  CHECK(loops <= 60);
}

TEST_CASE("longer loops wake a worker sooner") {
  caller of_10us;
  caller of_20us;
  CHECK(of_20us.loops_until_woken(20us, 20us) < of_10us.loops_until_woken(10us, 20us));
}

TEST_CASE("loops that gain nothing wake nobody, and those that gain a little do when there are many of them") {
  caller c;
  CHECK(c.loops_until_woken(d::too_short_to_ask, 1us) == 0);
  caller longer;
  CHECK(longer.loops_until_woken(4us, 1us) >= 40);
}

TEST_CASE("loops with long gaps between wake nobody") {
  caller c;
  CHECK(c.loops_until_woken(20us, 1ms) == 0);
}

TEST_CASE("a long gap lets the count start anew") {
  caller c;
  for (int burst = 0; burst < 50; ++burst) {
    c.wait(1ms);
    for (int l = 0; l < 8; ++l) {
      CHECK_FALSE(c.loop(10us));
      c.wait(20us);
    }
  }
}

TEST_CASE("a series that paid lends the next its wake-up, once") {
  caller c;
  REQUIRE(c.loops_until_woken(10us, 20us) > 2);
  for (int l = 0; l < 20; ++l) {
    c.wait(20us);
    c.loop(10us, true);
  }
  c.wait(1ms);
  c.loop(10us);  // after a long gap nobody is woken yet
  CHECK(c.loops_until_woken(10us, 20us) <= 2);
  c.wait(1ms);
  CHECK_FALSE(c.loop(10us));
  CHECK(c.loops_until_woken(10us, 20us) > 2);
}

TEST_CASE("where nobody stays awake, nobody is woken for the sake of the loops to come") {
  caller c;
  c.pace.note_start(c.now);
  c.pace.note_asleep(c.price);
  CHECK(c.pace.not_worth_asking(c.now, nullptr) == c.price);
  for (int l = 0; l < 1000; ++l) {
    c.wait(20us);
    CHECK_FALSE(c.loop(10us));
  }
}

TEST_CASE("in a burst small loops ask though workers slept before, and after it no more") {
  pl::serial other;
  caller c;
  c.pace.note_start(c.now);
  const double least = c.pace.not_worth_asking(c.now, nullptr);
  c.pace.note_asleep(c.price);
  c.pace.note_burst(nullptr);
  CHECK(c.pace.not_worth_asking(c.now, nullptr) == least);
  c.pace.note_asleep(c.price);  // they are not awake yet
  CHECK(c.pace.not_worth_asking(c.now, nullptr) == least);
  CHECK_FALSE(c.pace.time_to_invest(c.price, 0.5));
  CHECK(c.pace.not_worth_asking(c.now, nullptr) == least);
  c.pace.note_burst(nullptr);  // nested
  c.pace.note_burst_end(nullptr);
  c.pace.note_asleep(c.price);
  CHECK(c.pace.not_worth_asking(c.now, nullptr) == least);
  c.pace.note_burst_end(&other);  // which has none
  c.pace.note_asleep(c.price);
  CHECK(c.pace.not_worth_asking(c.now, nullptr) == least);
  c.pace.note_burst_end(nullptr);
  c.pace.note_asleep(c.price);
  CHECK(c.pace.not_worth_asking(c.now, nullptr) == c.price);
  c.pace.note_burst_end(nullptr);  // one that another thread began
  c.pace.note_asleep(c.price);
  CHECK(c.pace.not_worth_asking(c.now, nullptr) == c.price);
}

TEST_CASE("a burst of one backend is none of another") {
  pl::serial one;
  pl::serial other;
  caller c;
  c.pace.note_start(c.now);
  for (pl::backend* b : {&one, &other}) {
    c.pace.note_backend(b);
    c.pace.note_asleep(c.price);
    c.pace.note_end(c.now);
  }
  c.pace.note_burst(&one);
  CHECK(c.pace.not_worth_asking(c.now, &one) < c.price);
  CHECK(c.pace.not_worth_asking(c.now, &other) == c.price);
}

TEST_CASE("help that costs more than it gains is not asked for, until that is forgotten") {
  caller c;
  c.loop(10us);
  CHECK(c.pace.debt(c.now) == 0);
  const auto slice = static_cast<double>(d::to_ticks(1600us));
  const d::ticks half_life = d::to_ticks(d::balance::half_life);
  c.pace.note_shared(c.now, -slice);
  CHECK(c.pace.debt(c.now) == slice);
  c.now += half_life + half_life / 4;
  CHECK(c.pace.debt(c.now) == slice / 2);
  c.now += half_life;
  CHECK(c.pace.debt(c.now) > 0);
  c.now += 10 * half_life;
  CHECK(c.pace.debt(c.now) == 0);
}

TEST_CASE("gains make up for losses, within a limit") {
  caller c;
  c.loop(10us);
  for (int l = 0; l < 100; ++l) c.pace.note_shared(c.now, static_cast<double>(d::to_ticks(4us)));
  c.pace.note_shared(c.now, -static_cast<double>(d::to_ticks(300us)));
  CHECK(c.pace.debt(c.now) == 0);
  for (int l = 0; l < 500; ++l) c.pace.note_shared(c.now, static_cast<double>(d::to_ticks(4us)));
  c.wait(1s);  // gains are not forgotten
  c.pace.note_shared(c.now, -static_cast<double>(d::to_ticks(1500us)));
  CHECK(c.pace.debt(c.now) == 0);
  for (int l = 0; l < 100000; ++l) c.pace.note_shared(c.now, static_cast<double>(d::to_ticks(4us)));
  c.pace.note_shared(c.now, -static_cast<double>(d::to_ticks(d::balance::most_credit + 1ms)));
  CHECK(c.pace.debt(c.now) > 0);
  c.pace.note_shared(c.now, -static_cast<double>(d::to_ticks(10s)));
  CHECK(c.pace.debt(c.now) <= static_cast<double>(d::to_ticks(d::balance::most_debt)));
  c.wait(20 * d::balance::half_life);
  CHECK(c.pace.debt(c.now) == 0);
}

TEST_CASE("a caller that is stopped when it is alone does not blame its helpers") {
  caller c;
  c.loop(10us);
  const auto slice = static_cast<double>(d::to_ticks(1600us));
  c.pace.note_shared(c.now, -slice);
  c.pace.note_alone(c.now, static_cast<double>(d::to_ticks(10us)));  // too little to matter
  CHECK(c.pace.debt(c.now) == slice);
  c.pace.note_alone(c.now, slice);
  CHECK(c.pace.debt(c.now) == 0);
}

TEST_CASE("in debt small loops do not ask until they have missed as much") {
  caller c;
  c.loop(10us);
  const auto debt = static_cast<double>(d::to_ticks(100us));
  c.pace.note_debt(debt);
  int loops = 0;
  while (static_cast<double>(d::to_ticks(10us)) < c.pace.not_worth_asking(c.now, nullptr) && loops < 1000) {
    c.loop(10us);
    ++loops;
  }
  CHECK(loops >= 25);  // of 3.75 us each
  CHECK(loops <= 30);
}

TEST_CASE("a worker that is found awake is asked every time") {
  caller c;
  REQUIRE(c.loops_until_woken(10us, 1us) > 0);
  for (int l = 0; l < 10; ++l) {
    c.wait(1us);
    c.loop(10us, true);
    CHECK(c.pace.not_worth_asking(c.now, nullptr) == static_cast<double>(d::to_ticks(d::too_short_to_ask)));
  }
}

TEST_CASE("what was learned holds for one backend") {
  caller c;
  c.wait(1us);
  c.loop(10us);
  const parloop::serial other;
  CHECK(c.pace.not_worth_asking(c.now, nullptr) >= c.price);
  CHECK(c.pace.not_worth_asking(c.now, &other) < c.price);
}

TEST_CASE("the next gap is expected to be as it was after loops like this") {
  caller c;
  for (int pair = 0; pair < 10; ++pair) {  // two loops 20 us apart, then 5 ms of something else
    c.wait(5ms);
    c.loop(1ms);
    if (pair > 4) CHECK(c.pace.expected_gap() <= d::to_ticks(d::close_together));
    c.wait(20us);
    c.loop(1ms);
    if (pair > 4) CHECK(c.pace.expected_gap() > d::to_ticks(d::close_together));
  }
}
