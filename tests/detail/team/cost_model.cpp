// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How many helpers a loop is worth, by numbers; and what a team without threads makes of its own.
#include <parloop/detail/team/team.hpp>

#include "../../catch.hpp"

namespace d = parloop::detail;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::nanoseconds one_sleeper = d::cost_of_sleeper;  // the work that pays for waking one

}  // namespace

TEST_CASE("a loop whose length is not known gets all") {
  CHECK(d::helpers_that_pay(7, 0ns, 0, 3) == 7);
  CHECK(d::helpers_that_pay(0, 0ns, 0, 3) == 0);
}

TEST_CASE("of the sleepers as many help as the work pays for, but one at least") {
  CHECK(d::helpers_that_pay(7, 1us, 0, 7) == 1);
  CHECK(d::helpers_that_pay(7, one_sleeper, 0, 7) == 1);
  CHECK(d::helpers_that_pay(7, 4 * one_sleeper, 0, 7) == 4);
  CHECK(d::helpers_that_pay(7, 4 * one_sleeper - 1ns, 0, 7) == 3);
  CHECK(d::helpers_that_pay(7, 100 * one_sleeper, 0, 7) == 7);
}

TEST_CASE("short loops take no more helpers than are worth their queueing") {
  CHECK(d::helpers_that_pay(100, 1us, 90, 100) == 2);
  CHECK(d::helpers_that_pay(100, 16 * d::cost_of_one_more, 90, 100) == 4);
  CHECK(d::helpers_that_pay(100, 64 * d::cost_of_one_more, 90, 100) == 8);
  CHECK(d::helpers_that_pay(7, 1us, 3, 7) == 2);
}

TEST_CASE("those who are awake help, and one sleeper with them") {
  CHECK(d::helpers_that_pay(7, 16 * d::cost_of_one_more, 3, 7) == 4);
  CHECK(d::helpers_that_pay(7, 2 * one_sleeper, 3, 7) == 5);
  CHECK(d::helpers_that_pay(2, 1us, 3, 7) == 2);
}

TEST_CASE("beyond the free CPUs one helps for each millisecond") {
  CHECK(d::helpers_that_pay(7, 999us, 0, 1) == 1);
  CHECK(d::helpers_that_pay(7, 999us, 5, 2) == 2);
  CHECK(d::helpers_that_pay(7, 3ms, 0, 1) == 4);
  CHECK(d::helpers_that_pay(7, 3ms, 0, 0) == 3);
  CHECK(d::helpers_that_pay(7, 1h, 0, 1) == 7);
}

TEST_CASE("a team asks that of its own threads and CPUs") {
  const d::team t(7, parloop::idle::park(), 4);
  REQUIRE(t.threads() == 0);
  CHECK(t.help().price == d::cost_of_new_thread);
  CHECK(t.helpers_that_pay(7, 0ns) == 7);
  CHECK(t.helpers_that_pay(7, 1us) == 1);
  CHECK(t.helpers_that_pay(7, 2 * one_sleeper) == 2);
  CHECK(t.helpers_that_pay(7, 900us) == 3);  // beside the caller
  CHECK(t.helpers_that_pay(7, 2ms) == 5);
  const auto difference = t.head_start() - d::usual_delay_of_sleeper;
  CHECK(difference < 1us);
  CHECK(difference > -1us);
}
