// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The processor's floating-point control registers go with a loop to the threads that run it, and come back.
#include <cfenv>
#include <parloop/parloop.hpp>
#include <parloop/detail/base/caller_context.hpp>

#include "../../catch.hpp"
#include "../../support.hpp"

namespace pl = parloop;
namespace d = parloop::detail;

namespace {

/// 1 divided by 3 as this thread rounds it.
double third() {
  volatile double one = 1;
  volatile double three = 3;
  return one / three;
}

}  // namespace

TEST_CASE("a direction of rounding is read, set and set back") {
  const double nearest = third();
  const auto before = d::rounding::here();
  REQUIRE(std::fesetround(FE_UPWARD) == 0);
  const double upward = third();
  const auto changed = d::rounding::here();
  CHECK_FALSE(changed == before);
  before.set();
  CHECK(d::rounding::here() == before);
  CHECK(third() == nearest);
  changed.set();
  CHECK(third() == upward);
  CHECK(upward > nearest);
  before.set();
}

TEST_CASE("all threads of a loop round as its caller does") {
  const test::watchdog guard(60, "rounding");
  pl::thread_pool pool({.threads = 4});
  const double nearest = third();
  REQUIRE(std::fesetround(FE_UPWARD) == 0);
  const double upward = third();
  std::atomic<int> other{0};
  pl::parallel_for(pool, pl::prange(200).grain(1), [&](pl::index_t) {
    test::busy_for(std::chrono::microseconds(20));
    if (third() != upward) ++other;
  });
  REQUIRE(std::fesetround(FE_TONEAREST) == 0);
  CHECK(other == 0);
  pl::parallel_for(pool, pl::prange(200).grain(1), [&](pl::index_t) {
    test::busy_for(std::chrono::microseconds(20));
    if (third() != nearest) ++other;
  });
  CHECK(other == 0);
}
