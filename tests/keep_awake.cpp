// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Bursts: workers that are awake while one lives, and sleep afterwards, or when it lasts too long.
#include <sys/wait.h>

#include <atomic>
#include <thread>

#include "every_backend.hpp"

namespace pl = parloop;
using pl::index_t;
using namespace std::chrono_literals;

namespace {

bool awake(const pl::backend& b) { return b.help().awake; }

/// Of so many threads as can have a CPU each: two.
bool enough_cpus() { return pl::thread_pool().width() >= 2; }

/// For as long as a worker that should not sleep would need to do so, many times over.
bool stays_awake(const pl::backend& b) {
  for (int i = 0; i < 50; ++i) {
    test::let_pass(1ms);
    if (!awake(b)) return false;
  }
  return true;
}

constexpr std::chrono::nanoseconds for_long = 60s;

/// A pool whose help always costs as much as if its workers slept, and that counts how often it is asked.
class asked_backend final : public pl::backend {
 public:
  explicit asked_backend(pl::backend& inner) : inner_(inner) {}
  [[nodiscard]] std::string_view name() const noexcept override { return inner_.name(); }
  [[nodiscard]] int width() const noexcept override { return inner_.width(); }
  [[nodiscard]] pl::help_offered help() const noexcept override {
    ++asked;
    return {40us};
  }
  [[nodiscard]] pl::detail::team* own_team() noexcept override { return inner_.own_team(); }
  void run(const pl::loop& work) override { inner_.run(work); }

  mutable int asked = 0;

 private:
  pl::backend& inner_;
};

}  // namespace

TEST_CASE("workers are awake in a burst, and sleep when it ends") {
  if (!enough_cpus()) return;
  const test::watchdog guard(110, "awake in a burst");
  for (const pl::idle_policy policy : {pl::idle::adaptive(), pl::idle::park(), pl::idle::release()}) {
    INFO(pl::detail::to_text(policy).chars);
    pl::thread_pool pool({2, policy});
    for (int round = 0; round < 3; ++round) {
      {
        const pl::keep_awake burst(pool, for_long);
        CHECK(test::becomes_true([&] { return awake(pool); }));
        CHECK(stays_awake(pool));
        std::atomic<index_t> ran{0};
        pl::parallel_for(pool, pl::prange(1000), [&](index_t) { ran.fetch_add(1); });
        CHECK(ran == 1000);
        CHECK(stays_awake(pool));
      }
      CHECK(test::becomes_true([] { return test::other_threads_sleep(); }));
    }
  }
}

TEST_CASE("in a burst loops ask for help that are too short to wake somebody for") {
  const test::watchdog guard(60, "short loops in a burst");
  pl::thread_pool pool({2, pl::idle::park()});
  asked_backend watched(pool);
  const auto loops_that_ask = [&] {
    const int before = watched.asked;
    for (int i = 0; i < 20; ++i) {  // of 15 us each, and waking somebody costs 40
      pl::parallel_for(watched, pl::prange(100), [](index_t) { test::busy_for(150ns); });
    }
    return watched.asked - before;
  };
  loops_that_ask();  // learns how long they are, and what waking costs
  {
    const pl::keep_awake burst(watched, 1us);
    const pl::keep_awake nested(watched, 1us);
    CHECK((!enough_cpus() || loops_that_ask() >= 20));
  }
  CHECK(loops_that_ask() < 20);  // but for those that something stops
}

TEST_CASE("a burst that gets no loops lasts no longer than it was allowed to") {
  if (!enough_cpus()) return;
  const test::watchdog guard(60, "a burst without loops");
  pl::thread_pool pool({2, pl::idle::park()});
  const pl::keep_awake burst(pool, 20ms);
  CHECK(test::becomes_true([&] { return awake(pool); }));
  CHECK(test::becomes_true([] { return test::other_threads_sleep(); }));
  const auto before = test::cpu_time();
  test::let_pass(200ms);
  CHECK(test::cpu_time() - before < 50ms);  // it does not come back by itself
  {
    const pl::keep_awake another(pool);
    CHECK(test::becomes_true([&] { return awake(pool); }));
  }
}

TEST_CASE("a burst that begins while a worker is awake gives it all of its time") {
  if (!enough_cpus()) return;
  const test::watchdog guard(60, "a burst after another");
  pl::thread_pool pool({2, pl::idle::park()});
  constexpr auto longest = 300ms;
  const pl::keep_awake first(pool, longest);
  CHECK(test::becomes_true([&] { return awake(pool); }));
  test::let_pass(longest / 2);
  const auto begun = std::chrono::steady_clock::now();
  const bool still = awake(pool);
  const pl::keep_awake second(pool, longest);
  bool slept = false;
  while (true) {
    test::let_pass(1ms);
    const bool is_awake = awake(pool);
    if (std::chrono::steady_clock::now() - begun >= longest) break;  // only what was seen before that says something
    slept = slept || !is_awake;
  }
  CHECK((!still || !slept));
}

TEST_CASE("bursts count, nested and from several threads") {
  if (!enough_cpus()) return;
  const test::watchdog guard(60, "several bursts");
  pl::thread_pool pool({2, pl::idle::park()});
  {
    const pl::keep_awake outer(pool, for_long);
    CHECK(test::becomes_true([&] { return awake(pool); }));
    { const pl::keep_awake inner(pool, 1us); }
    CHECK(stays_awake(pool));
    conformance::on_threads(4, [&](int) {
      for (int i = 0; i < test::rounds(1000); ++i) {
        const pl::keep_awake another(pool, 1us);
      }
    });
    CHECK(stays_awake(pool));
  }
  CHECK(test::becomes_true([] { return test::other_threads_sleep(); }));
}

TEST_CASE("bursts while workers fall asleep, threads end and loops run") {
  const test::watchdog guard(110, "bursts beside loops");
  for (const test::candidate& c : test::candidates) {
    const auto b = c.make(4);
    INFO(c.name);
    conformance::verdict v;
    conformance::on_threads(3, [&](int k) {
      for (int i = 0; i < test::rounds(300) / test::slowness; ++i) {
        const pl::keep_awake burst(*b, std::chrono::microseconds(i % 50));
        std::atomic<index_t> ran{0};
        if ((i + k) % 3 != 0) pl::parallel_for(*b, pl::prange(64).grain(1), [&](index_t) { ran.fetch_add(1); });
        v.expect(ran == 0 || ran == 64, "not every iteration ran once");
      }
    });
    CHECK(v.text() == "");
  }
}

TEST_CASE("a burst that a fork has copied ends in the child, too, and a new one may begin there") {
  const test::watchdog guard(60, "bursts and forks");
  pl::thread_pool pool({2, pl::idle::park()});
  std::atomic<int> in_child{-1};
  int status = -1;
  {
    const pl::keep_awake burst(pool, for_long);
    const ::pid_t child = ::fork();
    if (child == 0) {
      std::atomic<index_t> ran{0};
      {
        const pl::keep_awake own(pool, 1ms);
        pl::parallel_for(pool, pl::prange(100), [&](index_t) { ran.fetch_add(1); });
      }
      in_child = ran == 100 ? 0 : 1;
    } else {
      ::waitpid(child, &status, 0);
    }
  }
  if (in_child >= 0) ::_exit(in_child);
  CHECK(status == 0);
}

TEST_CASE("the default backend's burst") {
  pl::thread_pool pool({2, {}});
  const pl::scoped_backend scope(pool);
  const pl::keep_awake burst;
  CHECK((!enough_cpus() || test::becomes_true([&] { return awake(pool); })));
}
