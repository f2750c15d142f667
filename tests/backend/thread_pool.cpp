// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Threads of the pool: how many there are and when, what they do between loops, what they cost, who gets signals.
#include <sys/time.h>

#include <cstdlib>
#include <new>
#include <parloop/backend/thread_pool.hpp>
#include <parloop/make_backend.hpp>
#include <stdexcept>
#include <string>
#include <thread>

#include "../catch.hpp"
#include "../conformance.hpp"
#include "../counting_new.hpp"
#include "../support.hpp"

namespace pl = parloop;
using pl::index_t;

namespace {

/// A loop with enough work for every thread of the pool, given to the seam so that it is shared.
void shared_loop(pl::backend& b, std::chrono::nanoseconds each = std::chrono::microseconds(5)) {
  pl::loop work;
  work.n = 64;  // of unknown length, so that every worker is asked, also beyond the CPUs
  work.chunk = {[](void* p, index_t begin, index_t end) noexcept {
                  test::busy_for((end - begin) * *static_cast<std::chrono::nanoseconds*>(p));
                },
                &each};
  b.run(work);
}

/// Runs loops until the pool has all its workers.
bool all_workers_come(pl::thread_pool& pool) {
  return test::becomes_true([&] {
    shared_loop(pool);
    return pool.workers() == pool.width() - 1 &&
           test::worker_ids().size() == static_cast<std::size_t>(pool.width() - 1);  // they name themselves
  });
}

bool no_workers_left() {
  return test::becomes_true([] { return test::worker_ids().empty(); });
}

}  // namespace

TEST_CASE("a pool makes no thread before its first shared loop and leaves none behind") {
  const test::watchdog guard(60, "threads come and go");
  {
    pl::thread_pool pool({4});
    CHECK(pool.workers() == 0);
    pl::parallel_for(pool, pl::prange(1), [](index_t) {});
    CHECK(pool.workers() == 0);
    CHECK(all_workers_come(pool));
    CHECK(test::worker_ids().size() == 3);
  }
  CHECK(test::worker_ids().empty());
}

TEST_CASE("the number of threads is what was asked for") {
  CHECK(pl::thread_pool({5}).width() == 5);
  CHECK(pl::thread_pool({4096}).width() == 4096);
  CHECK(pl::thread_pool().width() == pl::detail::cpu_count().usable);
  CHECK_THROWS_AS(pl::thread_pool({-1}), std::invalid_argument);
  CHECK_THROWS_AS(pl::thread_pool({4097}), std::invalid_argument);
  CHECK(pl::thread_pool().name() == "thread_pool");
}

TEST_CASE("create, loop, destroy, many times", "[stress]") {
  const test::watchdog guard(240, "create, loop, destroy");
  const pl::idle_policy policies[] = {pl::idle::adaptive(), pl::idle::spin(), pl::idle::park(), pl::idle::release(),
                                      pl::idle::release(std::chrono::microseconds(50))};
  test::random_source random(1);
  std::int64_t covered = 0;
  std::int64_t expected = 0;
  for (std::int64_t round = test::rounds(5'000); round > 0; --round) {
    pl::thread_pool pool({1 + static_cast<int>(random.below(16)), random.one_of(policies)});
    for (std::int64_t loops = random.below(5); loops > 0; --loops) {
      std::atomic<std::int64_t> runs{0};
      pl::loop work;
      work.n = 1 + random.below(40);
      work.chunk = {[](void* p, index_t begin, index_t end) noexcept {
                      *static_cast<std::atomic<std::int64_t>*>(p) += end - begin;
                    },
                    &runs};
      pool.run(work);
      covered += runs;
      expected += work.n;
    }
  }
  CHECK(covered == expected);
  CHECK(no_workers_left());
}

TEST_CASE("pools that are destroyed while their released workers end and others start", "[stress]") {
  // Found by this test: ~team joined a thread that a member had held before, or missed one that was being started.
  const test::watchdog guard(240, "release and destroy");
  for (std::int64_t round = test::rounds(300); round > 0; --round) {
    pl::thread_pool pool({32, pl::idle::release()});
    for (int l = 0; l < 20; ++l) shared_loop(pool, std::chrono::nanoseconds(0));
  }
  CHECK(no_workers_left());
}

TEST_CASE("release ends the threads, and later loops get new ones") {
  const test::watchdog guard(60, "release");
  pl::thread_pool pool({4, pl::idle::release()});
  for (int round = 0; round < 3; ++round) {
    for (int l = 0; l < 50; ++l) shared_loop(pool);
    CHECK(test::becomes_true([&] { return pool.workers() == 0 && test::worker_ids().empty(); }));
  }
  pool.set_idle(pl::idle::release(std::chrono::milliseconds(20)));
  CHECK(all_workers_come(pool));
  CHECK(test::becomes_true([&] { return pool.workers() == 0 && test::worker_ids().empty(); }));
}

TEST_CASE("the idle policy can be changed at any time") {
  const test::watchdog guard(60, "set_idle");
  pl::thread_pool pool({4, pl::idle::park()});
  CHECK(pool.idle() == pl::idle::park());
  CHECK(all_workers_come(pool));
  pool.set_idle(pl::idle::release());
  CHECK(pool.idle() == pl::idle::release());
  for (int l = 0; l < 50; ++l) shared_loop(pool);
  pool.set_idle(pl::idle::adaptive(std::chrono::microseconds(10)));
  CHECK(pool.idle() == pl::idle::adaptive(std::chrono::microseconds(10)));
  CHECK(all_workers_come(pool));
}

TEST_CASE("sleeping workers follow a new idle policy at once") {
  const test::watchdog guard(60, "set_idle wakes");
  pl::thread_pool pool({4, pl::idle::park()});
  CHECK(all_workers_come(pool));
  pool.set_idle(pl::idle::release());
  CHECK(test::becomes_true([&] { return pool.workers() == 0; }));
}

TEST_CASE("the idle policy changes while loops run") {
  const test::watchdog guard(120, "set_idle while loops run");
  pl::thread_pool pool({4});
  std::atomic<bool> stop{false};
  std::thread changer([&] {
    const pl::idle_policy policies[] = {pl::idle::adaptive(), pl::idle::park(), pl::idle::spin(), pl::idle::release(),
                                        pl::idle::release(std::chrono::microseconds(100))};
    test::random_source random(3);
    while (!stop) {
      pool.set_idle(random.one_of(policies));
      test::busy_for(std::chrono::microseconds(random.below(100)));
    }
  });
  const std::string wrong = conformance::mixed(pool, 12, test::rounds(20'000));
  stop = true;
  changer.join();
  CHECK(wrong == "");
}

TEST_CASE("a policy that is set during the first loop is not lost") {
  const test::watchdog guard(60, "set_idle in the first loop");
  for (int round = 0; round < 50; ++round) {
    pl::thread_pool pool({2, pl::idle::park()});
    std::atomic<bool> go{false};
    std::thread setter([&] {
      while (!go) {
      }
      pool.set_idle(pl::idle::release());
    });
    go = true;
    shared_loop(pool, std::chrono::nanoseconds(100));
    setter.join();
    CHECK(pool.idle() == pl::idle::release());
  }
}

TEST_CASE("workers have a name and take no signals") {
#if defined(PARLOOP_PORTABLE)
  SUCCEED("standard C++ knows neither names nor signal masks");
  return;
#endif
  const test::watchdog guard(60, "signals");
  pl::thread_pool pool({4});
  REQUIRE(all_workers_come(pool));
  const std::vector<int> workers = test::worker_ids();
  REQUIRE(workers.size() == 3);
  for (const int id : workers) {
    CHECK(test::becomes_true([&] {
      const unsigned long long blocked = std::stoull(test::status_of(id, "SigBlk"), nullptr, 16);
      const auto has = [blocked](int signal) { return (blocked >> (signal - 1) & 1) != 0; };
      return has(SIGPROF) && has(SIGALRM) && has(SIGTERM) && has(SIGINT) && has(SIGUSR1) && has(SIGCHLD) &&
             !has(SIGSEGV) && !has(SIGBUS) && !has(SIGFPE);
    }));
  }
  sigset_t own;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &own);
  CHECK(::sigismember(&own, SIGPROF) == 0);  // the caller's mask is as before
}

namespace {
std::atomic<long> handled{0};
std::atomic<long> handled_by_worker{0};
thread_local constinit bool on_worker = false;
}  // namespace

TEST_CASE("signal handlers at 1 kHz never run on workers, and loops go on") {
#if defined(PARLOOP_PORTABLE)
  SUCCEED("standard C++ knows neither names nor signal masks");
  return;
#endif
  pl::thread_pool pool({4});
  struct sigaction action {};
  action.sa_handler = [](int) {
    handled.fetch_add(1, std::memory_order_relaxed);
    if (on_worker) handled_by_worker.fetch_add(1, std::memory_order_relaxed);
  };
  struct sigaction before {};
  struct sigaction before_alarm {};
  ::sigaction(SIGPROF, &action, &before);
  ::sigaction(SIGALRM, &action, &before_alarm);
  const itimerval often{{0, 1'000}, {0, 1'000}};
  ::setitimer(ITIMER_PROF, &often, nullptr);
  ::setitimer(ITIMER_REAL, &often, nullptr);
  const auto caller = std::this_thread::get_id();
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
  std::int64_t missing = 0;
  while (std::chrono::steady_clock::now() < end) {
    std::atomic<index_t> runs{0};
    pl::parallel_for(pool, pl::prange(64).grain(1), [&](index_t) {
      on_worker = std::this_thread::get_id() != caller;
      test::busy_for(std::chrono::microseconds(10));
      ++runs;
    });
    missing += 64 - runs;
  }
  const itimerval never{};
  ::setitimer(ITIMER_PROF, &never, nullptr);
  ::setitimer(ITIMER_REAL, &never, nullptr);
  ::sigaction(SIGPROF, &before, nullptr);
  ::sigaction(SIGALRM, &before_alarm, nullptr);
  CHECK(missing == 0);
  CHECK(handled > 50);
  CHECK(handled_by_worker == 0);
}

TEST_CASE("loops allocate nothing once the pool is warm") {
  const test::watchdog guard(60, "allocations");
  if (!test::allocations_are_counted) TEST_SKIP("the sanitizer has its own operator new");
  for (const pl::idle_policy policy : {pl::idle::adaptive(), pl::idle::park(), pl::idle::spin()}) {
    pl::thread_pool pool({4, policy});
    REQUIRE(all_workers_come(pool));
    std::vector<int> data(1000);
    const auto loops = [&] {
      for (int l = 0; l < 200; ++l) {
        pl::parallel_for(pool, data, [](int& x) { ++x; });
        pl::parallel_for(pool, pl::prange(1000).grain(10), [&](index_t i) { ++data[static_cast<std::size_t>(i)]; });
        pl::parallel_for(pool, pl::grid(10, 10), [&](index_t y, index_t x) {
          ++data[static_cast<std::size_t>(10 * y + x)];
          test::busy_for(std::chrono::nanoseconds(500));
        });
        shared_loop(pool, std::chrono::nanoseconds(100));
      }
    };
    loops();
    const long before = test::allocations;
    loops();
    CHECK(test::allocations - before == 0);
  }
}

TEST_CASE("parked workers do not wake while there is no work") {
  const test::watchdog guard(60, "wake-ups");
  for (const pl::idle_policy policy : {pl::idle::park(), pl::idle::adaptive()}) {
    pl::thread_pool pool({4, policy});
    REQUIRE(all_workers_come(pool));
    const std::vector<int> workers = test::worker_ids();
    REQUIRE(workers.size() == 3);
    REQUIRE(test::becomes_true([&] {
      for (const int id : workers) {
        if (test::status_of(id, "State").substr(0, 1) != "S") return false;
      }
      return true;
    }));
    const auto total = [&] {
      long long sum = 0;
      for (const int id : workers) sum += test::sleeps_of(id);
      return sum;
    };
    const long long before = total();
    test::let_pass(std::chrono::milliseconds(500));  // the interval that is looked at
    CHECK(total() - before == 0);
  }
}

TEST_CASE("the second after the last loop costs next to no CPU time") {
  const test::watchdog guard(60, "idle CPU");
  for (const pl::idle_policy policy : {pl::idle::adaptive(), pl::idle::park(), pl::idle::release()}) {
    pl::thread_pool pool({2, policy});
    for (int l = 0; l < 200; ++l) shared_loop(pool, std::chrono::microseconds(2));
    const auto before = test::cpu_time();
    test::let_pass(std::chrono::milliseconds(1000));
    const auto used = test::cpu_time() - before;
    CAPTURE(used.count());
    CHECK(used <= std::chrono::milliseconds(5));
  }
}

TEST_CASE("workers that were needed once burn nothing while the caller works alone") {
  const test::watchdog guard(60, "serial phase");
  const std::string name = GENERATE("thread_pool", "work_stealing", "workqueue");
  CAPTURE(name);
  const auto made = pl::make_backend(name, {2, {}});
  pl::backend& pool = *made;
  for (int l = 0; l < 200; ++l) shared_loop(pool, std::chrono::microseconds(2));
  timespec t{};
  const auto caller_time = [&t] {
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
  };
  const auto others_before = test::cpu_time() - caller_time();
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
  while (std::chrono::steady_clock::now() < end) {
    pl::parallel_for(pool, pl::prange(1000).threads(1), [](index_t) { test::busy_for(std::chrono::nanoseconds(200)); });
  }
  const auto others = test::cpu_time() - caller_time() - others_before;
  CAPTURE(others.count());
  CHECK(others <= std::chrono::milliseconds(5));
}

TEST_CASE("loops of several callers do not count on the same worker") {
  const test::watchdog guard(60, "a worker each");
  pl::thread_pool pool({4});
  std::atomic<int> helped{0};
  std::atomic<int> alone{0};
  // Two iterations: the caller's lasts until a worker has come, and the worker's until both loops have one.
  const auto loop_with_helper = [&] {
    conformance::eager shared(pool);
    std::atomic<bool> came{false};
    pl::parallel_for(shared, pl::prange(2).grain(1).threads(2), [&](index_t i) {
      if (i > 0) {
        came = true;
        ++helped;
      }
      if (!test::becomes_true([&] { return i == 0 ? came.load() : helped == 2; })) ++alone;
    });
  };
  std::thread first(loop_with_helper);
  CHECK(test::becomes_true([&] { return helped > 0; }));
  loop_with_helper();
  first.join();
  CHECK(alone == 0);
}

TEST_CASE("two pools at once, larger than the machine") {
  const test::watchdog guard(120, "two pools");
  pl::thread_pool first({8});
  pl::thread_pool second({8, pl::idle::spin()});
  conformance::verdict result;
  conformance::on_threads(2, [&](int k) {
    const std::string wrong =
        conformance::mixed(k == 0 ? first : second, 20 + static_cast<std::uint64_t>(k), test::rounds(10'000));
    if (!wrong.empty()) result.fail(wrong);
  });
  CHECK(result.text() == "");
}
