// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What workers do under a policy that is set while their team is being made, by what the system says of the threads.
#include <parloop/backend/thread_pool.hpp>

#include "../../affinity.hpp"
#include "../../catch.hpp"
#include "../../counting_new.hpp"
#include "../../support.hpp"

namespace pl = parloop;
namespace idle = parloop::idle;
using pl::index_t;
using namespace std::chrono_literals;

namespace {

pl::thread_pool* made_now = nullptr;
pl::idle_policy set_meanwhile;
long first_allocation = 0;  // the team's own; then its policy is read, and then it allocates what it has

/// A pool of two threads whose policy becomes `after` while its team is made with `before`, and its worker.
class changed_pool {
 public:
  changed_pool(pl::idle_policy before, pl::idle_policy after) : pool_({.threads = 2, .idle = before}) {
    made_now = &pool_;
    set_meanwhile = after;
    first_allocation = test::allocations + 1;
    test::at_allocation = [] {
      if (test::allocations > first_allocation) made_now->set_idle(set_meanwhile);
    };
    loop();
    test::at_allocation = nullptr;
    REQUIRE(test::allocations > first_allocation);
    REQUIRE(pool_.idle() == after);
  }
  changed_pool(const changed_pool&) = delete;
  changed_pool& operator=(const changed_pool&) = delete;

  /// The worker's id, once there is one that has run.
  int worker() {
    REQUIRE(test::becomes_true([this] {
      loop();
      return !test::worker_ids().empty();
    }));
    return test::worker_ids().front();
  }

  [[nodiscard]] bool worker_ends() const {
    return test::becomes_true([this] { return pool_.workers() == 0 && test::worker_ids().empty(); });
  }

 private:
  void loop() {
    pl::loop work;
    work.n = 64;
    work.chunk = {[](void*, index_t begin, index_t end) noexcept { test::busy_for((end - begin) * 5us); }, nullptr};
    pool_.run(work);
  }

  pl::thread_pool pool_;
};

/// Whether a thread uses a CPU though there is no loop. Load makes the answer come late, not wrong: one that sleeps
/// uses none, and one that is awake is not found asleep.
bool stays_awake(int thread) {
  const auto used_before = test::cpu_time_of(thread);
  for (int found_asleep = 0; found_asleep < 1000;) {
    if (test::cpu_time_of(thread) - used_before > 5ms) return true;
    found_asleep = test::thread_sleeps(thread) ? found_asleep + 1 : 0;
    test::let_pass(1ms);
  }
  return false;
}

}  // namespace

TEST_CASE("threads end under a policy of release that is set while their team is made") {
  if (!test::allocations_are_counted) TEST_SKIP("the sanitizer has its own operator new");
  const test::watchdog guard(60, "park, then release");
  changed_pool pool(idle::park(), idle::release(50ms));
  (void)pool.worker();
  CHECK(pool.worker_ends());
}

TEST_CASE("threads stay and sleep under a policy of park that is set while their team is made") {
  if (!test::allocations_are_counted) TEST_SKIP("the sanitizer has its own operator new");
  const test::watchdog guard(60, "release or spin, then park");
  for (const auto before : {idle::release(50ms), idle::spin()}) {
    changed_pool pool(before, idle::park());
    const int worker = pool.worker();
    CHECK(test::becomes_true([&] { return test::thread_sleeps(worker); }));
    const long long sleeps = test::sleeps_of(worker);
    test::let_pass(200ms);  // the interval that is looked at
    CHECK(test::thread_sleeps(worker));
    CHECK(test::sleeps_of(worker) == sleeps);
    CHECK(test::worker_ids().size() == 1);
  }
}

TEST_CASE("threads stay awake under a policy of spin that is set while their team is made") {
  if (!test::allocations_are_counted) TEST_SKIP("the sanitizer has its own operator new");
  if (pl::detail::cpu_count().usable < 2) TEST_SKIP("it takes two CPUs");
  const test::watchdog guard(60, "park, then spin");
  changed_pool pool(idle::park(), idle::spin());
  CHECK(stays_awake(pool.worker()));
}
