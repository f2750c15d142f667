// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Idle policies as values, and what backends make of them: whether their threads stay awake after a loop.
#include <algorithm>
#include <parloop/backend/checked.hpp>
#include <parloop/backend/doctor.hpp>
#include <parloop/backend/traced.hpp>
#include <parloop/parloop.hpp>
#include <vector>

#include "affinity.hpp"
#include "catch.hpp"
#include "conformance.hpp"
#include "support.hpp"

namespace pl = parloop;
using namespace std::chrono_literals;

#if defined(__linux__)
TEST_CASE("a worker on the CPU of its caller sleeps between loops; beside it, it spins") {
  const std::vector<int> cpus = test::usable_cpus();
  if (cpus.size() < 2) TEST_SKIP("on one CPU nobody ever spins");
  const test::affinity_restored guard;
  const std::vector<int> before = test::thread_ids();
  pl::thread_pool pool({.threads = 2, .idle = pl::idle::adaptive(10s)});
  conformance::eager eager(pool);
  const auto loop = [&eager] {
    pl::parallel_for(eager, pl::prange(8).grain(1), [](pl::index_t) { test::busy_for(std::chrono::microseconds(5)); });
  };
  REQUIRE(test::becomes_true([&] {
    loop();
    return pool.workers() == 1;
  }));
  int worker = 0;
  for (const int id : test::thread_ids()) {
    if (std::find(before.begin(), before.end(), id) == before.end()) worker = id;
  }
  REQUIRE(test::bind(0, cpus[0]));
  REQUIRE(test::bind(worker, cpus[0]));
  CHECK(test::becomes_true([&] {
    loop();
    return test::thread_sleeps(worker);
  }));
  REQUIRE(test::bind(worker, cpus[1]));
  CHECK(test::becomes_true([&] {
    loop();
    return !test::thread_sleeps(worker) && pool.help().awake;
  }));
}
#endif

TEST_CASE("policies are what their functions say, and times are not negative") {
  CHECK(pl::idle_policy() == pl::idle::adaptive(0ns));
  CHECK(pl::idle::adaptive().time == pl::idle::default_longest_spin);
  CHECK(pl::idle::adaptive(-1ns) == pl::idle::adaptive(0ns));
  CHECK(pl::idle::release(-1ns) == pl::idle::release());
  CHECK(pl::idle::release(1ms) != pl::idle::release());
}

TEST_CASE("threads stay awake under spin, and under adaptive for as long as it allows") {
  CHECK(pl::idle::spin().stays_awake());
  CHECK(pl::idle::adaptive().stays_awake());
  CHECK_FALSE(pl::idle::adaptive(0ns).stays_awake());
  CHECK_FALSE(pl::idle::park().stays_awake());
  CHECK_FALSE(pl::idle::release(1s).stays_awake());
}

TEST_CASE("backends say whether their threads stay awake, and those that wrap one pass it on") {
  CHECK_FALSE(pl::serial().help().stays_awake);
  CHECK_FALSE(pl::workqueue({.threads = 2, .keep = 1ms}).help().stays_awake);
  for (const auto idle : {pl::idle::adaptive(), pl::idle::park()}) {
    pl::work_stealing stealing({.threads = 2, .idle = idle});
    CHECK(stealing.help().stays_awake == idle.stays_awake());
    pl::thread_pool pool({.threads = 2, .idle = idle});
    CHECK(pool.help().stays_awake == idle.stays_awake());
    CHECK(pl::checked(pool).help().stays_awake == idle.stays_awake());
    CHECK(pl::traced(pool, 1).help().stays_awake == idle.stays_awake());
    CHECK(pl::doctor(pool).help().stays_awake == idle.stays_awake());
    pool.set_idle(pl::idle::spin());
    CHECK(pool.help().stays_awake);
  }
}
