// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The one observer is told of spells, and of none before it came and after it has left, in a forked child too.
#include <sys/wait.h>

#include <optional>
#include <parloop/detail/team/scoped_event.hpp>
#include <thread>

#include "../../catch.hpp"
#include "../../support.hpp"

namespace d = parloop::detail;

namespace {

/// Counts, and holds up who begins until `go`.
class counter final : public d::observer {
 public:
  std::size_t begin(d::thread_event what, int count, const void* where) noexcept override {
    inside = true;
    while (!go) std::this_thread::yield();
    test::busy_for(delay);
    inside = false;
    last_what = what;
    last_count = count;
    last_where = where;
    return static_cast<std::size_t>(++begun);
  }
  void end(std::size_t which) noexcept override {
    ++ended;
    last_ended = which;
  }

  std::atomic<int> begun{0};
  std::atomic<int> ended{0};
  std::atomic<std::size_t> last_ended{0};
  std::atomic<bool> go{true};
  std::atomic<bool> inside{false};
  std::chrono::nanoseconds delay{0};
  d::thread_event last_what{};
  int last_count = 0;
  const void* last_where = nullptr;
};

}  // namespace

TEST_CASE("an observer is told from when it comes until it leaves") {
  const int place = 0;
  counter o;
  { const d::scoped_event nobody_sees(d::thread_event::parked); }
  REQUIRE(o.observe());
  {
    const d::scoped_event waking(d::thread_event::waking, &place, 3);
    CHECK(o.begun == 1);
    CHECK(o.ended == 0);
    CHECK(o.last_what == d::thread_event::waking);
    CHECK(o.last_count == 3);
    CHECK(o.last_where == &place);
  }
  CHECK(o.ended == 1);
  CHECK(o.last_ended == 1);
  o.leave();
  { const d::scoped_event nobody_sees(d::thread_event::parked); }
  CHECK(o.begun == 1);
  CHECK(o.ended == 1);
}

TEST_CASE("there is one observer at a time, and it is not told of the end of what another saw begin") {
  counter first;
  counter second;
  REQUIRE(first.observe());
  CHECK_FALSE(second.observe());
  std::optional<d::scoped_event> across;
  across.emplace(d::thread_event::parked);
  first.leave();
  REQUIRE(second.observe());
  std::optional<d::scoped_event> seen;
  seen.emplace(d::thread_event::parked);
  across.reset();
  CHECK(second.ended == 0);
  seen.reset();
  CHECK(second.begun == 1);
  CHECK(second.ended == 1);
  CHECK(first.ended == 0);
  second.leave();
}

TEST_CASE("when an observer has left, no thread is telling it any more") {
  const test::watchdog guard(60, "leave");
  counter o;
  o.go = false;
  o.delay = std::chrono::milliseconds(5);
  REQUIRE(o.observe());
  std::thread teller([] { const d::scoped_event s(d::thread_event::parked); });
  CHECK(test::becomes_true([&] { return o.inside.load(); }));
  bool still_inside = true;
  std::thread leaver([&] {
    o.leave();
    still_inside = o.inside;
  });
  CHECK(test::becomes_true([] { return !d::observing::now_open(); }));
  o.go = true;
  leaver.join();
  teller.join();
  CHECK_FALSE(still_inside);
}

TEST_CASE("observers come and go while threads begin and end") {
  const test::watchdog guard(60, "observers");
  std::atomic<bool> stop{false};
  std::thread teller([&] {
    while (!stop) const d::scoped_event s(d::thread_event::parked);
  });
  for (std::int64_t round = 0; round < test::rounds(2000); ++round) {
    counter o;
    REQUIRE(o.observe());
    if (round % 10 == 0) CHECK(test::becomes_true([&] { return o.begun > 0; }));
    o.leave();
    CHECK(o.ended <= o.begun);
  }
  stop = true;
  teller.join();
}

TEST_CASE("in a forked child nobody waits for threads that it does not have") {
  const test::watchdog guard(60, "fork");
  counter o;
  o.go = false;
  REQUIRE(o.observe());
  std::thread teller([] { const d::scoped_event s(d::thread_event::parked); });
  CHECK(test::becomes_true([&] { return o.inside.load(); }));
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(30);
    o.leave();
    o.go = true;
    const bool again = o.observe();
    { const d::scoped_event s(d::thread_event::parked); }
    o.leave();
    ::_exit(again && o.begun == 1 && o.ended == 1 ? 0 : 1);
  }
  int status = -1;
  CHECK(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  o.go = true;
  teller.join();
  o.leave();
}
