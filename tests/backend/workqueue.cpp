// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Threads on demand: they come with a loop, stay no longer than it or than they are kept, and cannot be missed.
#include <stdexcept>
#include <string>
#include <parloop/backend/workqueue.hpp>

#include "../catch.hpp"
#include "../conformance.hpp"
#include "../support.hpp"

namespace pl = parloop;
using pl::index_t;

namespace {

/// A loop with work for every thread, given to the seam so that it is shared; returns how many threads ran it.
int shared_loop(pl::backend& b, std::chrono::nanoseconds each = std::chrono::microseconds(5)) {
  struct state {
    std::chrono::nanoseconds each;
    std::atomic<std::uint64_t> seen{0};  // a set of threads, by hash
    std::atomic<index_t> runs{0};
  } s{each, {}, {}};
  pl::loop work;
  work.n = 64;
  work.chunk = {[](void* p, index_t begin, index_t end) noexcept {
                  auto& to = *static_cast<state*>(p);
                  to.seen |= std::uint64_t{1} << (std::hash<std::thread::id>()(std::this_thread::get_id()) >> 8) % 64;
                  to.runs += end - begin;
                  test::busy_for((end - begin) * to.each);
                },
                &s};
  b.run(work);
  if (s.runs != work.n) return 0;
  return __builtin_popcountll(s.seen);
}

bool no_workers_left() {
  // Joined threads disappear from /proc a moment later.
  return test::becomes_true([] { return test::worker_ids().empty(); });
}

}  // namespace

TEST_CASE("threads come with a loop and are gone after it") {
  const test::watchdog guard(60, "on demand");
  pl::workqueue queue({4});
  CHECK(test::becomes_true([&] { return shared_loop(queue, std::chrono::microseconds(50)) > 1; }));
  CHECK(no_workers_left());
  const std::size_t before = test::thread_ids().size();  // now, as a sanitizer's own thread comes with the first
  for (int l = 0; l < 1'000; ++l) {
    if (shared_loop(queue, std::chrono::microseconds(1)) == 0) FAIL("an iteration did not run once");
  }
  CHECK(no_workers_left());
  CHECK(test::becomes_true([&] { return test::thread_ids().size() == before; }));
}

TEST_CASE("kept threads serve the next loops and end when none comes") {
  const test::watchdog guard(60, "keep");
  pl::workqueue queue({4, std::chrono::milliseconds(200)});
  CHECK(test::becomes_true([&] {
    shared_loop(queue);
    return test::worker_ids().size() == 3;
  }));
  CHECK(no_workers_left());
  CHECK(shared_loop(queue) > 0);
}

TEST_CASE("options are checked and said") {
  CHECK(pl::workqueue({5}).width() == 5);
  CHECK(pl::workqueue().width() == pl::detail::cpu_count().usable);
  CHECK(pl::workqueue().name() == "workqueue");
  const auto rounding = std::chrono::nanoseconds(1);
  CHECK(pl::workqueue().help().price >= pl::detail::cost_of_new_thread - rounding);
  CHECK(pl::workqueue().help().price <= pl::detail::cost_of_new_thread + rounding);
  CHECK(std::string(pl::workqueue().details().c_str()).find("end with it") != std::string::npos);
  CHECK(std::string(pl::workqueue({2, std::chrono::milliseconds(7)}).details().c_str()).find("release:7ms") !=
        std::string::npos);
  CHECK_THROWS_AS(pl::workqueue({-1}), std::invalid_argument);
  CHECK_THROWS_AS(pl::workqueue({4097}), std::invalid_argument);
}

TEST_CASE("nested loops make no threads of their own") {
  const test::watchdog guard(60, "nested");
  pl::workqueue queue({3});
  std::atomic<int> others{0};
  conformance::eager cheap(queue);
  pl::parallel_for(cheap, pl::prange(6).grain(1), [&](index_t) {
    const auto caller = std::this_thread::get_id();
    test::busy_for(std::chrono::microseconds(200));
    if (queue.help().price != pl::backend::never) ++others;
    pl::parallel_for(cheap, pl::prange(6).grain(1), [&](index_t) {
      if (std::this_thread::get_id() != caller) ++others;
    });
  });
  CHECK(others == 0);
  CHECK(queue.help().price != pl::backend::never);
  CHECK(no_workers_left());
}

TEST_CASE("loops of several callers have threads of their own") {
  const test::watchdog guard(60, "callers");
  pl::workqueue queue({3});
  std::atomic<int> wrong{0};
  conformance::on_threads(8, [&](int) {
    for (std::int64_t l = test::rounds(100); l > 0; --l) {
      if (shared_loop(queue, std::chrono::nanoseconds(500)) == 0) ++wrong;
    }
  });
  CHECK(wrong == 0);
  CHECK(no_workers_left());
}
