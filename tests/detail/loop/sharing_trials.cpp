// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Which way loops go that have to wake somebody: the quicker of the two, and now and then the other.
#include <cmath>
#include <parloop/detail/loop/sharing_trials.hpp>

#include "../../catch.hpp"

namespace {

using parloop::index_t;
using parloop::detail::sharing_trials;

constexpr int backends[2] = {};
constexpr const void* giver = &backends[0];

constexpr double much = 3;  // times as long as shared, and loops are not tried alone

/// `loops` of `n` iterations that take so long each way; how many of them ran alone.
int alone_of(sharing_trials& trials, int loops, index_t n, double alone, double shared) {
  int ran_alone = 0;
  for (int i = 0; i < loops; ++i) {
    if (trials.alone(giver, n) > 0) {
      ++ran_alone;
      trials.note_alone(giver, n, alone);
    } else {
      trials.note_shared(giver, n, shared, alone, much, 2);
    }
  }
  return ran_alone;
}

}  // namespace

TEST_CASE("loops that help makes longer run alone, but for few trials") {
  sharing_trials trials;
  CHECK(alone_of(trials, 3, 100, 1000, 1200) == 1);  // two are shared, and the third is the first trial
  const int alone = alone_of(trials, 1000, 100, 1000, 1200);
  CHECK(alone < 1000);  // what has changed is found out
  CHECK(alone >= 940);
}

TEST_CASE("loops that help makes much shorter are shared, but for few trials, which cost two per cent") {
  sharing_trials trials;
  const int alone = alone_of(trials, 1000, 100, 2000, 1000);  // each of them costs a loop's time
  CHECK(alone >= 8);
  CHECK(alone <= 22);
}

TEST_CASE("help has to save an eighth") {
  sharing_trials little;
  CHECK(alone_of(little, 1000, 100, 1000, 900) >= 900);
  sharing_trials enough;
  CHECK(alone_of(enough, 1000, 100, 1000, 850) <= 70);
}

TEST_CASE("loops that seem to take much longer alone are all shared") {
  sharing_trials trials;
  CHECK(alone_of(trials, 1000, 100, 3100, 1000) == 0);
}

TEST_CASE("the way changes when the other has become the quicker") {
  sharing_trials trials;
  CHECK(alone_of(trials, 500, 100, 1000, 1200) >= 450);
  CHECK(alone_of(trials, 500, 100, 1000, 600) <= 250);
  CHECK(alone_of(trials, 500, 100, 1000, 600) <= 50);
  CHECK(alone_of(trials, 500, 100, 1000, 1200) >= 250);
}

TEST_CASE("one interrupt does not change the way for long") {
  sharing_trials trials;
  CHECK(alone_of(trials, 500, 100, 1000, 1200) >= 450);
  trials.note_alone(giver, 100, 3500);
  CHECK(alone_of(trials, 100, 100, 1000, 1200) >= 75);
}

TEST_CASE("an interrupt in the first trial is not believed for long") {
  sharing_trials trials;
  CHECK(alone_of(trials, 2, 100, 1000, 1200) == 0);
  CHECK(trials.alone(giver, 100) > 0);
  trials.note_alone(giver, 100, 3500);
  CHECK(alone_of(trials, 100, 100, 1000, 1200) >= 60);
}

TEST_CASE("loops of another size are another matter") {
  sharing_trials trials;
  CHECK(alone_of(trials, 500, 100, 1000, 1200) >= 450);
  CHECK(std::abs(trials.alone(giver, 100) - 1000) < 1);
  CHECK(std::abs(trials.alone(giver, 150) - 1500) < 1);
  CHECK(trials.alone(giver, 300) == 0);
  trials.note_alone(giver, 300, 1);  // says nothing of the others
  CHECK(std::abs(trials.alone(giver, 100) - 1000) < 1);
  trials.note_shared(giver, 300, 3000, 3000, much, 2);
  CHECK(trials.alone(giver, 300) == 0);
  CHECK(trials.alone(giver, 100) == 0);  // forgotten
}

TEST_CASE("iterations that do other work are another matter") {
  for (const double times : {5.0, 0.2}) {
    sharing_trials trials;
    CHECK(alone_of(trials, 500, 100, 1000, 1200) >= 450);
    trials.note_shared(giver, 100, 1200, 2000, much, 2);  // the first iterations may well take twice as long
    CHECK(std::abs(trials.alone(giver, 100) - 1000) < 1);
    trials.note_shared(giver, 100, 1200 * times, 1000 * times, much, 2);
    CHECK(trials.alone(giver, 100) == 0);  // forgotten
    CHECK(alone_of(trials, 3, 100, 1000 * times, 1200 * times) >= 1);  // and tried anew
  }
}

TEST_CASE("what was learned of one backend says nothing of another") {
  sharing_trials trials;
  CHECK(alone_of(trials, 500, 100, 1000, 1200) >= 450);
  const void* const other = &backends[1];
  CHECK(trials.alone(other, 100) == 0);
  trials.note_alone(other, 100, 1);
  CHECK(std::abs(trials.alone(giver, 100) - 1000) < 1);
  trials.note_shared(other, 100, 500, 1000, much, 2);
  CHECK(trials.alone(giver, 100) == 0);  // forgotten
}

TEST_CASE("as many loops are shared before the first trial as is said") {
  sharing_trials trials;
  for (int i = 0; i < 8; ++i) {
    CHECK(trials.alone(giver, 100) == 0);
    trials.note_shared(giver, 100, 1000, 1000, much, 8);
  }
  CHECK(trials.alone(giver, 100) > 0);
}

TEST_CASE("loops that nobody was there to help with miss nothing, until the next trial") {
  sharing_trials trials;
  CHECK_FALSE(trials.misses_nothing(100, 1000));
  CHECK(alone_of(trials, 3, 100, 1000, 1200) == 1);
  CHECK(trials.misses_nothing(100, 500));
  CHECK_FALSE(trials.misses_nothing(100, 2000));  // its iterations take longer now
  CHECK(trials.misses_nothing(200, 2000));
  int missed_nothing = 2;
  while (missed_nothing < 1000 && trials.misses_nothing(100, 1000)) ++missed_nothing;
  CHECK(missed_nothing >= 3);
  CHECK(missed_nothing < 1000);
  CHECK(trials.alone(giver, 100) == 0);
}

TEST_CASE("what is not known is not the better way") {
  const sharing_trials trials;
  CHECK(trials.alone(giver, 100) == 0);
}
