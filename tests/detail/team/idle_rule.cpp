// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What each idle policy means for a team's threads, in ticks.
#include <parloop/detail/team/idle_rule.hpp>

#include "../../catch.hpp"

namespace d = parloop::detail;
namespace idle = parloop::idle;
using namespace std::chrono_literals;

namespace {

d::ticks longest_spin(parloop::idle_policy policy, std::chrono::nanoseconds gap) {
  d::idle_rule rule;
  rule.set(policy);
  return rule.longest_spin(d::to_ticks(gap));
}

d::ticks longest_join_spin(parloop::idle_policy policy) {
  d::idle_rule rule;
  rule.set(policy);
  return rule.longest_join_spin();
}

}  // namespace

TEST_CASE("workers spin for as long as their policy allows, when the next loop is near enough") {
  CHECK(longest_spin(idle::adaptive(100us), 100us) == d::to_ticks(100us));
  CHECK(longest_spin(idle::adaptive(100us), 1us) == d::to_ticks(100us));  // not just as long as the gap
  CHECK(longest_spin(idle::adaptive(100us), 101us) == 0);
  CHECK(longest_spin(idle::adaptive(0ns), 1us) == 0);
  CHECK(longest_spin(idle::park(), 1us) == 0);
  CHECK(longest_spin(idle::release(1s), 1us) == 0);
  CHECK(longest_spin(idle::spin(), 1h) > d::to_ticks(1000h));
}

TEST_CASE("callers poll at the end of a loop for a moment under any policy, for longer when it lets threads spin") {
  for (const auto policy : {idle::park(), idle::release(1s), idle::adaptive(0ns), idle::adaptive(1us)}) {
    CHECK(longest_join_spin(policy) == d::idle_rule::shortest_join_spin());
  }
  CHECK(longest_join_spin(idle::adaptive(100us)) == d::to_ticks(100us));
  CHECK(longest_join_spin(idle::spin()) > d::to_ticks(1min));
}

TEST_CASE("threads end under release alone, after its time") {
  d::idle_rule rule;
  for (const auto policy : {idle::park(), idle::adaptive(), idle::spin()}) {
    rule.set(policy);
    CHECK_FALSE(rule.threads_end());
    CHECK(rule.always_spins() == (policy == idle::spin()));
  }
  rule.set(idle::release(3ms));
  CHECK(rule.threads_end());
  CHECK(rule.time_to_end() == d::to_ticks(3ms));
  CHECK_FALSE(rule.always_spins());
}
