// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Falling asleep and being woken, thread by thread.
#include <parloop/detail/team/sleepers.hpp>
#include <thread>

#include "../../catch.hpp"
#include "../../support.hpp"

namespace d = parloop::detail;

TEST_CASE("nobody is woken when nobody sleeps") {
  d::sleepers all;
  CHECK(all.wake(3) == 0);
  CHECK_FALSE(all.is_woken());
  CHECK(all.count_for_certain() == 0);
}

TEST_CASE("who gets up takes itself off the count, or the permit that it was given") {
  d::sleepers all;
  all.lie_down();
  CHECK(all.count() == 1);
  CHECK(all.get_up());
  CHECK(all.count() == 0);
  all.lie_down();
  CHECK(all.wake(1) == 1);
  CHECK_FALSE(all.get_up());
  CHECK_FALSE(all.is_woken());
}

TEST_CASE("as many are woken as asked for, and each of them once") {
  const test::watchdog guard(60, "sleepers");
  constexpr int threads = 4;
  d::sleepers all;
  std::atomic<int> woken{0};
  std::vector<std::thread> sleeping;
  for (int i = 0; i < threads; ++i) {
    sleeping.emplace_back([&] {
      all.lie_down();
      while (!all.is_woken()) all.sleep();
      all.note_awake();
      ++woken;
    });
  }
  CHECK(test::becomes_true([&] { return all.count() == threads; }));
  CHECK(all.wake(1) == 1);
  CHECK(test::becomes_true([&] { return woken == 1; }));
  CHECK(all.count() == threads - 1);
  CHECK(all.wake(threads) == threads - 1);
  for (std::thread& t : sleeping) t.join();
  CHECK(woken == threads);
  CHECK(all.count() == 0);
  CHECK(all.delay() > 0);
  CHECK_FALSE(all.is_woken());
}

TEST_CASE("a sleep with a limit ends without a permit") {
  d::sleepers all;
  all.lie_down();
  all.sleep_for(std::chrono::milliseconds(1));
  CHECK_FALSE(all.is_woken());
  CHECK(all.get_up());
}
