// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Falling asleep and being woken, thread by thread.
#include <parloop/detail/team/event_count.hpp>
#include <thread>

#include "../../catch.hpp"
#include "../../support.hpp"

namespace d = parloop::detail;

TEST_CASE("nobody is woken when nobody sleeps") {
  d::event_count all;
  CHECK(all.notify(3) == 0);
  CHECK_FALSE(all.notified());
  CHECK(all.fence_and_count() == 0);
}

TEST_CASE("who gets up takes itself off the count, or the permit that it was given") {
  d::event_count all;
  all.prepare_wait();
  CHECK(all.count() == 1);
  CHECK(all.cancel_wait());
  CHECK(all.count() == 0);
  all.prepare_wait();
  CHECK(all.notify(1) == 1);
  CHECK_FALSE(all.cancel_wait());
  CHECK_FALSE(all.notified());
}

TEST_CASE("as many are woken as asked for, and each of them once") {
  const test::watchdog guard(60, "sleepers");
  constexpr int threads = 4;
  d::event_count all;
  std::atomic<int> woken{0};
  std::vector<std::thread> sleeping;
  for (int i = 0; i < threads; ++i) {
    sleeping.emplace_back([&] {
      all.prepare_wait();
      while (!all.notified()) all.sleep();
      all.note_awake();
      ++woken;
    });
  }
  CHECK(test::becomes_true([&] { return all.count() == threads; }));
  CHECK(all.notify(1) == 1);
  CHECK(test::becomes_true([&] { return woken == 1; }));
  CHECK(all.count() == threads - 1);
  CHECK(all.notify(threads) == threads - 1);
  for (std::thread& t : sleeping) t.join();
  CHECK(woken == threads);
  CHECK(all.count() == 0);
  CHECK(all.delay() > 0);
  CHECK_FALSE(all.notified());
}

TEST_CASE("a sleep with a limit ends without a permit") {
  d::event_count all;
  all.prepare_wait();
  all.sleep_for(std::chrono::milliseconds(1));
  CHECK_FALSE(all.notified());
  CHECK(all.cancel_wait());
}
