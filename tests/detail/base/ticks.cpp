// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The scheduler's clock: its rate is right even when threads are stopped while they measure it.
#include <atomic>
#include <chrono>
#include <parloop/detail/base/ticks.hpp>
#include <thread>
#include <vector>

#include "../../catch.hpp"
#include "../../support.hpp"

namespace d = parloop::detail;
using namespace std::chrono_literals;

TEST_CASE("the rate of the counter is measured well, also on a crowded machine") {
  if (d::clock_source::measure_rate() == 0) return;  // the counter is not used here
  const auto first = d::clock_source::read_both();
  test::busy_for(50ms);
  const auto last = d::clock_source::read_both();
  const double rate = static_cast<double>(last.counted - first.counted) / static_cast<double>(last.ns - first.ns);
  CHECK(d::ticks_per_nanosecond() > rate * 0.95);
  CHECK(d::ticks_per_nanosecond() < rate * 1.05);

  std::atomic<bool> stop{false};
  std::vector<std::thread> crowd;
  for (int t = 0; t < 8; ++t) {
    crowd.emplace_back([&stop] {
      while (!stop) test::busy_for(100us);
    });
  }
  int wrong = 0;
  const auto end = std::chrono::steady_clock::now() + 3s;
  int measured = 0;
  for (; std::chrono::steady_clock::now() < end; ++measured) {
    const double again = d::clock_source::measure_rate();
    wrong += again > rate * 1.05 || again < rate * 0.95 ? 1 : 0;
  }
  stop = true;
  for (std::thread& t : crowd) t.join();
  CHECK(measured > 1000);
  CHECK(wrong == 0);
}
