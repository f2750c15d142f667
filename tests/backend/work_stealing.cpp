// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Nested loops on the work_stealing backend: who helps with them, and who must not.
#include <pthread.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <parloop/parloop.hpp>
#include <set>
#include <thread>

#include "../catch.hpp"
#include "../conformance.hpp"

namespace pl = parloop;
using pl::index_t;
using namespace std::chrono_literals;

namespace {

/// A loop, given to the seam, of which no part ends before two threads are in it. Hangs when nobody helps, and the
/// watchdog ends that.
void loop_of_two(pl::backend& b) {
  struct state {
    std::mutex mutex;
    std::set<std::thread::id> here;
    std::atomic<bool> two{false};
  } s;
  pl::loop work;
  work.n = 64;
  work.chunk = {[](void* p, index_t, index_t) noexcept {
                  auto& to = *static_cast<state*>(p);
                  {
                    const std::scoped_lock lock(to.mutex);
                    to.here.insert(std::this_thread::get_id());
                    if (to.here.size() == 2) to.two = true;
                  }
                  while (!to.two) std::this_thread::yield();
                },
                &s};
  b.run(work);
  CHECK(s.here.size() >= 2);
}

/// A loop of two iterations, given to the seam.
template <class Body>
void two_iterations(pl::backend& b, Body body) {
  pl::loop work;
  work.n = 2;
  work.chunk = {[](void* p, index_t begin, index_t end) noexcept {
                  for (index_t i = begin; i < end; ++i) (*static_cast<Body*>(p))();
                },
                &body};
  b.run(work);
}

constexpr pl::idle_policy policies[] = {pl::idle::adaptive(), pl::idle::park(), pl::idle::spin(), pl::idle::release()};

}  // namespace

TEST_CASE("an idle worker helps with a nested loop") {
  const test::watchdog guard(120, "idle worker");
  for (const pl::idle_policy idle : policies) {
    pl::work_stealing b({2, idle});
    for (int round = 0; round < test::rounds(3'000); ++round) {
      CAPTURE(pl::to_string(idle), round);
      std::atomic<int> begun{0};
      two_iterations(b, [&] {
        if (begun++ == 0) loop_of_two(b);  // whoever has the other one is soon idle
      });
    }
  }
}

TEST_CASE("a caller that waits for its loop helps with a loop nested in it") {
  const test::watchdog guard(120, "waiting caller");
  for (const pl::idle_policy idle : policies) {
    pl::work_stealing b({2, idle});
    const auto caller = std::this_thread::get_id();
    for (int round = 0; round < 20; ++round) {
      std::atomic<bool> worker_came{false};
      const bool fall_asleep = round % 2 == 0;
      two_iterations(b, [&] {
        if (std::this_thread::get_id() == caller) {
          while (!worker_came) std::this_thread::yield();
          return;
        }
        worker_came = true;
        if (fall_asleep) test::busy_for(300us);  // the caller has nothing to do and stops polling
        loop_of_two(b);
      });
    }
  }
}

TEST_CASE("a caller that waits takes part in no loop but those nested in its own") {
  const test::watchdog guard(120, "foreign loops");
  pl::work_stealing b({4});
  conformance::eager cheap(b);
  std::atomic<int> strangers{0};
  conformance::on_threads(4, [&](int k) {
    static thread_local int of = -1;  // whose loops this thread is in, from the outermost
    for (int round = 0; round < test::rounds(300); ++round) {
      of = k;
      pl::parallel_for(cheap, pl::prange(6).grain(1), [&](index_t) {
        const int before = std::exchange(of, k);  // workers may be in any loop, callers in their own
        if (before != -1 && before != k) ++strangers;
        pl::parallel_for(cheap, pl::prange(4).grain(1), [&](index_t) {
          const int around = std::exchange(of, k);
          if (around != -1 && around != k) ++strangers;
          test::busy_for(500ns);
          of = around;
        });
        of = before;
      });
      of = -1;
    }
  });
  CHECK(strangers == 0);
}

TEST_CASE("a lock held around an inner loop does not deadlock") {
  const test::watchdog guard(120, "locks");
  pl::work_stealing b({4});
  conformance::eager cheap(b);
  std::mutex locks[2];
  std::int64_t sums[2] = {};
  constexpr int rounds = 200;
  conformance::on_threads(2, [&](int k) {
    for (int round = 0; round < rounds; ++round) {
      pl::parallel_for(cheap, pl::prange(8).grain(1), [&](index_t) {
        const std::scoped_lock lock(locks[k]);
        std::atomic<int> inside{0};
        pl::parallel_for(cheap, pl::prange(8).grain(1), [&](index_t) {
          test::busy_for(500ns);
          ++inside;
        });
        sums[k] += inside;
      });
    }
  });
  CHECK(sums[0] == rounds * 64);
  CHECK(sums[1] == rounds * 64);
}

TEST_CASE("at any depth there are no more threads than the width") {
  const test::watchdog guard(120, "depth");
  pl::work_stealing b({3});
  conformance::eager cheap(b);
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  const auto count = [&] {
    const int now = ++running;
    int seen = most;
    while (now > seen && !most.compare_exchange_weak(seen, now)) {
    }
    test::busy_for(2us);
    --running;
  };
  for (int round = 0; round < 50; ++round) {
    pl::parallel_for(cheap, pl::prange(5).grain(1), [&](index_t) {
      pl::parallel_for(cheap, pl::prange(5).grain(1),
                       [&](index_t) { pl::parallel_for(cheap, pl::prange(5).grain(1), [&](index_t) { count(); }); });
    });
  }
  CHECK(most <= 3);
  CHECK(b.workers() <= 2);
}

namespace {

/// A loop in a loop in a loop, and where the stack was at each level.
struct nest {
  pl::work_stealing& pool;
  std::vector<const char*> at;

  void level(std::size_t l) {
    const char here = 0;
    const volatile auto place = reinterpret_cast<std::uintptr_t>(&here);
    at[l] = reinterpret_cast<const char*>(place);
    if (l + 1 == at.size()) return;
    pl::parallel_for(pool, pl::prange(2), [this, l](pl::index_t i) {
      if (i == 0) level(l + 1);
    });
  }
};

}  // namespace

TEST_CASE("ten thousand levels of nested loops fit on a stack of 8 MiB") {
  constexpr std::size_t levels = 10'000;
  constexpr std::size_t stack = std::size_t{8} << 20;
  pl::work_stealing pool{{.threads = 2}};
  nest n{pool, std::vector<const char*>(test::under_sanitizer ? 100 : levels)};
  pthread_attr_t attributes;
  REQUIRE(pthread_attr_init(&attributes) == 0);
  REQUIRE(pthread_attr_setstacksize(&attributes, stack) == 0);
  pthread_t thread{};
  const auto run = [](void* self) -> void* {
    static_cast<nest*>(self)->level(0);
    return nullptr;
  };
  REQUIRE(pthread_create(&thread, &attributes, run, &n) == 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
  const auto bytes = n.at[40] - n.at[41];  // beyond the depth to which nests are helped
  CAPTURE(bytes);
  if (!test::under_sanitizer) CHECK(bytes < 1536);
}
