// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Waiting on a word, by this system's calls and by the table that stands in where there are none.
#include <parloop/detail/base/futex.hpp>
#include <parloop/detail/base/wait_table.hpp>
#include <thread>

#include "../../catch.hpp"
#include "../../support.hpp"

namespace d = parloop::detail;
using word = d::atomic<std::uint32_t>;

namespace {

struct by_system {
  static constexpr const char* name = "the system's calls";
  static void wait(word& w, std::uint32_t expected) { d::wait_on(w, expected); }
  static void wait_for(word& w, std::uint32_t expected, std::chrono::nanoseconds limit) {
    d::wait_on_for(w, expected, limit);
  }
  static void wake(word& w, std::uint32_t count) { d::wake_some(w, count); }
};

struct by_table {
  static constexpr const char* name = "the table";
  static void wait(word& w, std::uint32_t expected) { d::wait_table::wait(w, expected, nullptr); }
  static void wait_for(word& w, std::uint32_t expected, std::chrono::nanoseconds limit) {
    d::wait_table::wait(w, expected, &limit);
  }
  static void wake(word& w, std::uint32_t count) { d::wait_table::wake(&w, count); }
};

/// Returns when `w` is `value`.
template <class By>
void wait_until(word& w, std::uint32_t value) {
  for (std::uint32_t seen; (seen = w.load(d::memory_order_acquire)) != value;) By::wait(w, seen);
}
template <class By>
void set(word& w, std::uint32_t value) {
  w.store(value, d::memory_order_release);
  By::wake(w, 1);
}

}  // namespace

TEMPLATE_TEST_CASE("two threads that hand a word to and fro lose no wake-up", "[futex]", by_system, by_table) {
  const test::watchdog guard(60, TestType::name);
  const auto rounds = static_cast<std::uint32_t>(test::rounds(100'000));
  word there{0};
  word back{0};
  std::thread other([&] {
    for (std::uint32_t i = 1; i <= rounds; ++i) {
      wait_until<TestType>(there, i);
      set<TestType>(back, i);
    }
  });
  for (std::uint32_t i = 1; i <= rounds; ++i) {
    set<TestType>(there, i);
    wait_until<TestType>(back, i);
  }
  other.join();
  CHECK(back.load(d::memory_order_relaxed) == rounds);
}

TEMPLATE_TEST_CASE("a semaphore's worth of threads on one word are all woken", "[futex]", by_system, by_table) {
  const test::watchdog guard(60, TestType::name);
  constexpr int threads = 5;
  const auto rounds = static_cast<std::uint32_t>(test::rounds(3'000));
  word start{0};
  std::atomic<int> came{0};
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i) {
    all.emplace_back([&] {
      for (std::uint32_t r = 1; r <= rounds; ++r) {
        wait_until<TestType>(start, r);
        ++came;
      }
    });
  }
  for (std::uint32_t r = 1; r <= rounds; ++r) {
    start.store(r, d::memory_order_release);
    TestType::wake(start, threads);
    while (came.load() != static_cast<int>(r) * threads) std::this_thread::yield();
  }
  for (std::thread& t : all) t.join();
  CHECK(came == static_cast<int>(rounds) * threads);
}

TEMPLATE_TEST_CASE("a word that has changed is not waited on", "[futex]", by_system, by_table) {
  const test::watchdog guard(60, TestType::name);
  word w{1};
  TestType::wait(w, 0);
  TestType::wait_for(w, 0, std::chrono::hours(1));
  CHECK(w.load(d::memory_order_relaxed) == 1);
}

TEMPLATE_TEST_CASE("a wait with a limit lasts about as long, and leaves nothing behind", "[futex]", by_system,
                   by_table) {
  const test::watchdog guard(60, TestType::name);
  word w{0};
  const auto before = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - before < std::chrono::milliseconds(5)) {
    TestType::wait_for(w, 0, std::chrono::milliseconds(5));  // may return early
  }
  TestType::wake(w, 1);  // nobody, or it would write into a frame that is gone
  CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(10));
}

TEST_CASE("sleepers on different words of one bucket are told apart", "[futex]") {
  const test::watchdog guard(60, "one bucket");
  alignas(64) static word words[2] = {0, 0};  // the table looks at lines
  REQUIRE(&d::wait_table::bucket_of(&words[0]) == &d::wait_table::bucket_of(&words[1]));
  std::atomic<bool> first_returned{false};
  std::thread first([&] {
    d::wait_table::wait(words[0], 0, nullptr);
    first_returned = true;
  });
  std::thread second([&] { wait_until<by_table>(words[1], 1); });
  const auto asleep = [] {
    d::wait_table::bucket& b = d::wait_table::bucket_of(&words[0]);
    b.guard.acquire();
    int count = 0;
    for (const d::wait_table::sleeper* s = b.first; s != nullptr; s = s->next) ++count;
    b.guard.release();
    return count;
  };
  CHECK(test::becomes_true([&] { return asleep() == 2; }));
  set<by_table>(words[1], 1);
  second.join();
  CHECK(asleep() == 1);
  CHECK_FALSE(first_returned);
  set<by_table>(words[0], 1);
  first.join();
  CHECK(asleep() == 0);
}
