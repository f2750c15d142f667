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

TEST_CASE("a sleeper takes as long as since it was first woken, not since those beside it were") {
  d::event_count all;
  const auto delay = [&all] { return d::to_nanoseconds(all.last_delay()); };
  constexpr auto between = std::chrono::milliseconds(1);
  all.prepare_wait();
  all.prepare_wait();
  CHECK(all.notify(1) == 1);
  test::busy_for(between);
  CHECK(all.notify(1) == 1);
  all.note_awake();
  const auto first = delay();
  CHECK(first >= between);
  all.note_awake();  // the other: nothing is known of it
  CHECK(delay() == first);
  CHECK(all.notified());
  CHECK(all.notified());
  // Who did not sleep leaves nothing to be measured from.
  all.prepare_wait();
  CHECK(all.notify(1) == 1);
  CHECK_FALSE(all.cancel_wait());
  all.note_awake();
  CHECK(delay() == first);
}

TEST_CASE("a sleep with a limit ends without a permit") {
  d::event_count all;
  all.prepare_wait();
  all.sleep_for(std::chrono::milliseconds(1));
  CHECK_FALSE(all.notified());
  CHECK(all.cancel_wait());
}
