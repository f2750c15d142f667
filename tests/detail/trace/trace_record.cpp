// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Records that are read while others write, and who is said to have woken whom.
#include <memory>
#include <parloop/detail/trace/trace_record.hpp>
#include <thread>

#include "../../catch.hpp"
#include "../../support.hpp"

namespace d = parloop::detail;

namespace {

constexpr char places[2] = {};

d::trace_event slept(d::ticks from, d::ticks to, int place = 0, d::event what = d::event::parked) {
  return {{}, from, to, 0, 0, &places[place], 1, what};
}
d::trace_event woke(d::ticks from, int threads, int place = 0) {
  return {{}, from, from + 2, threads, 0, &places[place], 2, d::event::waking};
}

/// When the waker of each sleep began, in the order in which sleeps ended.
std::vector<d::ticks> wakers(const std::vector<d::trace_event>& events) {
  std::vector<d::ticks> times;
  for (const d::arrow& a : d::arrows(events)) times.push_back(a.by.from);
  return times;
}
using times = std::vector<d::ticks>;

}  // namespace

TEST_CASE("a sleep was ended by the last that could have, at its place and in its time") {
  CHECK(wakers({}).empty());
  CHECK(wakers({woke(50, 1), slept(10, 60)}) == times{50});
  CHECK(wakers({woke(20, 1), woke(50, 1), slept(10, 60)}) == times{50});
  CHECK(wakers({woke(50, 1), slept(10, 60, 1)}).empty());
  CHECK(wakers({woke(50, 1, 1), woke(40, 1), slept(10, 60, 1)}) == times{50});
  CHECK(wakers({woke(5, 1), slept(10, 60)}).empty());      // before
  CHECK(wakers({woke(9, 1), slept(10, 60)}) == times{9});  // at the same time: it was counted as asleep already
  CHECK(wakers({woke(70, 1), slept(10, 60)}).empty());     // later
  CHECK(wakers({woke(50, 1), slept(10, 60, 0, d::event::waiting)}) == times{50});
  CHECK(wakers({woke(50, 1), slept(10, 60, 0, d::event::chunk)}).empty());
}

TEST_CASE("a sleep that lasts was not ended") { CHECK(wakers({woke(50, 1), slept(10, 0)}).empty()); }

TEST_CASE("who wakes some ends as many sleeps") {
  CHECK(wakers({woke(50, 2), slept(10, 60), slept(10, 61), slept(10, 62)}) == times{50, 50});
  CHECK(wakers({woke(30, 1), woke(50, 1), slept(10, 60), slept(10, 61), slept(10, 62)}) == times{50, 30});
}

TEST_CASE("a record is read as it was written, or not at all") {
  d::trace_record r;
  CHECK(r.read().what == d::event::none);
  r.write(slept(10, 0));
  CHECK(r.read().what == d::event::parked);
  CHECK(r.read().from == 10);
  CHECK(r.read().to == 0);
  r.end(60);
  CHECK(r.read().to == 60);
}

TEST_CASE("records are read while others write them") {
  const test::watchdog guard(50, "records");
  constexpr std::size_t count = 20'000;
  const auto records = std::make_unique<d::trace_record[]>(count);
  std::thread writer([&] {
    for (std::size_t i = 0; i < count; ++i) {
      records[i].write(slept(7, 0));
      records[i].end(9);
    }
  });
  bool whole = true;
  std::size_t seen = 0;
  while (seen < count) {
    const auto events = d::events_so_far(records.get(), count);
    seen = events.size();
    for (const d::trace_event& e : events) whole = whole && e.from == 7 && (e.to == 0 || e.to == 9);
  }
  writer.join();
  CHECK(whole);
}
