// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Thread numbers: in range, and nobody's twice at a time, in loops, chunks and teams, nested and beside each other, on
/// every backend and on those of users that number nobody.
#include <array>
#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include "every_backend.hpp"

namespace pl = parloop;
using pl::index_t;

namespace {

/// Who uses which number now.
class users {
 public:
  users(int width, conformance::verdict& v) : taken_(static_cast<std::size_t>(width)), verdict_(v) {}

  /// Holds the calling thread's number while function() runs.
  template <class Function>
  void hold(Function function) {
    const int number = pl::thread_number();
    const int numbers = pl::thread_numbers();
    verdict_.expect(numbers == static_cast<int>(taken_.size()), "thread_numbers() is not the width");
    if (number < 0 || number >= static_cast<int>(taken_.size())) return verdict_.fail("a number is out of range");
    std::atomic<bool>& taken = taken_[static_cast<std::size_t>(number)];
    verdict_.expect(!taken.exchange(true), "two threads have one number");
    function();
    verdict_.expect(pl::thread_number() == number && pl::thread_numbers() == numbers, "a number has changed");
    taken.store(false);
  }

 private:
  std::vector<std::atomic<bool>> taken_;
  conformance::verdict& verdict_;
};

constexpr auto a_while = std::chrono::microseconds(2);

/// Loops on `b` from several threads at once, each with its own numbers.
std::string numbers_of_loops(pl::backend& b, int callers, int rounds) {
  conformance::verdict v;
  conformance::on_threads(callers, [&](int caller) {
    for (int round = 0; round < rounds; ++round) {
      const index_t n = 1 + (7 * round + caller) % 60;
      users all(b.width(), v);
      pl::parallel_for(b, pl::prange(n).grain(1), [&](index_t) { all.hold([] { test::busy_for(a_while); }); });
      pl::parallel_for_chunks(b, pl::prange(n).grain(3),
                              [&](index_t, index_t) { all.hold([] { test::busy_for(a_while); }); });
      v.expect(pl::thread_number() == 0, "a number is left over");
    }
  });
  return v.text();
}

/// A backend of a user's, whose threads are new ones for each loop; its caller takes part or only waits.
class by_others final : public pl::backend {
 public:
  explicit by_others(int new_threads) : new_threads_(new_threads) {}
  [[nodiscard]] std::string_view name() const noexcept override { return "by_others"; }
  [[nodiscard]] int width() const noexcept override { return 3; }
  [[nodiscard]] pl::help_offered help() const noexcept override { return {std::chrono::nanoseconds(0), true}; }
  void run(const pl::loop& work) override {
    std::atomic<index_t> next{0};
    std::vector<std::thread> threads;
    const auto take_part = [&] {
      for (index_t i = next.fetch_add(work.grain); i < work.n; i = next.fetch_add(work.grain)) {
        work.chunk(i, std::min(work.n, i + work.grain));
      }
    };
    for (int t = 0; t < new_threads_; ++t) threads.emplace_back(take_part);
    if (new_threads_ < width()) take_part();
    for (std::thread& t : threads) t.join();
  }

 private:
  int new_threads_;
};

}  // namespace

TEST_CASE("a thread's number is in range and nobody else's") {
  const test::watchdog guard(110, "thread numbers");
  test::on_every_backend({1, 2, 4}, [](pl::backend& b, const std::string& text) {
    INFO(text);
    const int rounds = static_cast<int>(test::rounds(200) / test::slowness) + 1;
    CHECK(numbers_of_loops(b, 1, rounds) == "");
    CHECK(numbers_of_loops(b, 3, rounds / 2 + 1) == "");
  });
}

TEST_CASE("several threads of a loop do get several numbers") {
  const test::watchdog guard(60, "several numbers");
  for (const test::candidate& c : test::candidates) {
    const auto made = c.make(2);
    if (made->width() < 2) continue;
    conformance::eager b(*made);
    INFO(c.name);
    std::array<std::atomic<bool>, 2> seen{};
    const auto both = [&] { return seen[0] && seen[1]; };
    CHECK(test::becomes_true([&] {
      pl::parallel_for(b, pl::prange(64).grain(1), [&](index_t) {
        seen.at(static_cast<std::size_t>(pl::thread_number())) = true;
        test::busy_for(std::chrono::microseconds(20));
      });
      return both();
    }));
  }
}

TEST_CASE("a backend that numbers nobody") {
  const test::watchdog guard(60, "a backend that numbers nobody");
  for (const int new_threads : {2, 3}) {
    by_others b(new_threads);
    CHECK(numbers_of_loops(b, 1, static_cast<int>(test::rounds(200))) == "");
    CHECK(numbers_of_loops(b, 3, static_cast<int>(test::rounds(50))) == "");
  }
}

TEST_CASE("loops in loops and on other backends number their own threads") {
  const test::watchdog guard(110, "nested thread numbers");
  by_others others(2);
  pl::serial alone;
  test::on_every_backend([&](pl::backend& b) {
    conformance::verdict v;
    for (int round = 0; round < test::rounds(20); ++round) {
      users outer(b.width(), v);
      pl::parallel_for(b, pl::prange(8).grain(1), [&](index_t) {
        outer.hold([&] {
          for (pl::backend* inner : {&b, static_cast<pl::backend*>(&alone), static_cast<pl::backend*>(&others)}) {
            users all(inner->width(), v);
            pl::parallel_for(*inner, pl::prange(6).grain(1), [&](index_t) { all.hold([] { test::busy_for(a_while); }); });
          }
        });
      });
    }
    CHECK(v.text() == "");
  });
}

TEST_CASE("in a team it is the member's number, and loops inside have their own") {
  const test::watchdog guard(60, "thread numbers in teams");
  for (const test::candidate& c : test::candidates) {
    const auto b = c.make(4);
    if (b->teams().most_members == 1) continue;
    INFO(c.name);
    conformance::verdict v;
    users outside(b->width(), v);
    pl::parallel_for(*b, pl::prange(4).grain(1), [&](index_t) {
      outside.hold([&] {
        pl::team(*b, 5, [&](pl::member& me) {
          const auto is_member = [&] { return pl::thread_number() == me.number() && pl::thread_numbers() == 5; };
          v.expect(is_member(), "not the member's number");
          me.for_each(pl::prange(100), [&](index_t) { v.expect(is_member(), "not in a loop of the team's"); });
          users all(b->width(), v);
          pl::parallel_for(*b, pl::prange(20).grain(1), [&](index_t) { all.hold([] {}); });
          v.expect(is_member(), "not after a loop");
        });
      });
    });
    CHECK(v.text() == "");
  }
}

TEST_CASE("after an exception a number is what it was") {
  pl::thread_pool pool({4, {}});
  conformance::eager b(pool);
  conformance::verdict v;
  for (const index_t n : {1, 2, 50}) {
    pl::team(pool, 3, [&](pl::member& me) {
      try {
        pl::parallel_for(b, pl::prange(n).grain(1), [](index_t) { throw std::runtime_error("expected"); });
      } catch (const std::runtime_error&) {
      }
      v.expect(pl::thread_number() == me.number() && pl::thread_numbers() == 3, "the loop's number is left over");
    });
  }
  CHECK(v.text() == "");
}

TEST_CASE("outside of loops there is number 0, of as many as the default backend is wide") {
  pl::thread_pool pool({3, {}});
  const pl::scoped_backend scope(pool);
  CHECK(pl::thread_number() == 0);
  CHECK(pl::thread_numbers() == 3);
  std::vector<double> sums(static_cast<std::size_t>(pl::thread_numbers()));
  pl::parallel_for(pl::prange(1000), [&](index_t) {
    if (pl::thread_numbers() == 3) sums[static_cast<std::size_t>(pl::thread_number())] += 1;
  });
  CHECK(sums[0] + sums[1] + sums[2] == 1000);
}
