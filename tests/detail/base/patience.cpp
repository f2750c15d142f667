// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A thread that waits for others of its team lets others run, unless it has lost a time slice by that.
#include <atomic>
#include <chrono>
#include <parloop/detail/base/patience.hpp>
#include <thread>

#include "../../catch.hpp"

#if defined(__linux__)
#include <sched.h>
#endif

namespace d = parloop::detail;

namespace {

d::ticks us(int n) { return d::to_ticks(std::chrono::microseconds(n)); }

/// How often it looks in a wait in which nothing is found.
int looks(d::patience p) {
  int n = 0;
  while (p.again()) ++n;
  return n;
}

}  // namespace

TEST_CASE("where threads share CPUs a wait lets others run a microsecond's worth at a time") {
  d::cpu_sharing own;
  CHECK(looks({0, true, own}) == 0);
  int most = 0;
  do {
    own.lost = 0;  // to a program that happens to run here
    most = looks({us(100) + us(1) / 2, true, own});
  } while (own.lost > 0);
  CHECK(most == 100);
}

TEST_CASE("a thread that has lost a time slice sleeps in its next waits, until that has made up for it") {
  d::cpu_sharing own;
  own.lost = 10 * us(3);
  for (int wait = 0; wait < 10; ++wait) CHECK(looks({us(100), true, own}) == 0);
  own.lost = 0;
  CHECK(looks({us(100), true, own}) > 0);
}

TEST_CASE("where each thread has a CPU it polls all the same before it sleeps") {
  d::cpu_sharing own;
  own.waits = 100;
  own.lost = us(3);
  const d::ticks before = d::now();
  CHECK(looks({us(1'000'000), false, own}) > 0);  // and ends: it sleeps
  CHECK(d::now() - before >= us(19));
  CHECK(own.lost <= 0);
}

#if defined(__linux__)

TEST_CASE("another program that takes the CPU is noticed") {
  std::atomic<bool> stop{false};
  bool crowded_noticed = false;
  bool apart_noticed = false;
  std::thread pinned([&] {
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET(sched_getcpu(), &here);
    sched_setaffinity(0, sizeof here, &here);
    std::thread other([&stop] {  // on the same CPU
      while (!stop.load(std::memory_order_relaxed)) d::cpu_pause();
    });
    const auto waits_until_noticed = [](bool crowded) {
      const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
      d::cpu_sharing own;
      while (own.lost == 0 && std::chrono::steady_clock::now() < end) looks({us(100), crowded, own});
      return own.lost > 0;
    };
    crowded_noticed = waits_until_noticed(true);
    apart_noticed = waits_until_noticed(false);
    stop.store(true, std::memory_order_relaxed);
    other.join();
  });
  pinned.join();
  CHECK(crowded_noticed);
  CHECK(apart_noticed);
}

#endif
