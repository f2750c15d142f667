// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Loops that are stopped and watched: every index at most once, counts that are exact, reports that only grow.
#include <atomic>
#include <numeric>
#include <parloop/algorithm/controlled.hpp>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "../catch.hpp"
#include "../conformance.hpp"
#include "../every_backend.hpp"
#include "../support.hpp"

namespace pl = parloop;
using pl::index_t;

namespace {

/// A token that says stop from its `asks`-th question on.
class after_questions {
 public:
  after_questions(std::atomic<std::int64_t>& left) : left_(&left) {}
  [[nodiscard]] bool stop_requested() const noexcept { return left_->fetch_sub(1, std::memory_order_relaxed) <= 0; }

 private:
  std::atomic<std::int64_t>* left_;
};

/// One loop that is stopped at a random index by its body, or at a random look at the token.
std::string stopped_at_random(pl::backend& b, test::random_source& random, std::vector<unsigned char>& runs) {
  const index_t n = 1 + random.below(300);
  std::fill(runs.begin(), runs.begin() + n, static_cast<unsigned char>(0));
  pl::loop_result result;
  const index_t grain = random.below(5);
  std::stop_source source;
  if (random.chance(50)) {
    const index_t at = random.below(n);
    result = pl::parallel_for(b, pl::prange(n).grain(grain).stop(source.get_token()), [&](index_t i) {
      ++runs[static_cast<std::size_t>(i)];
      if (i == at) source.request_stop();
    });
    if (runs[static_cast<std::size_t>(at)] != 1) return "the index that stopped the loop did not run";
  } else {
    std::atomic<std::int64_t> questions{random.below(8)};
    result = pl::parallel_for_chunks(b, pl::prange(n).stop(after_questions(questions)).grain(grain),
                                     [&](index_t begin, index_t end) {
                                       for (index_t i = begin; i < end; ++i) ++runs[static_cast<std::size_t>(i)];
                                     });
  }
  index_t ran = 0;
  for (index_t i = 0; i < n; ++i) {
    if (runs[static_cast<std::size_t>(i)] > 1) return "an index ran twice";
    ran += runs[static_cast<std::size_t>(i)];
  }
  if (result.ran != ran) return "says " + std::to_string(result.ran) + ", ran " + std::to_string(ran);
  if (result.total != n || result.complete() != (ran == n)) return "wrong total, or complete() is wrong";
  return "";
}

}  // namespace

TEST_CASE("stopped at random places, 1e5 times: each index at most once, and the count is exact") {
  const test::watchdog guard(180, "random stops");
  const int kinds = static_cast<int>(std::size(test::candidates));
  test::on_every_backend([&](pl::backend& b) {
    test::random_source random(17);
    std::vector<unsigned char> runs(300);
    for (std::int64_t round = 0; round < test::rounds(100'000 / kinds + 1); ++round) {
      const std::string wrong = stopped_at_random(b, random, runs);
      if (!wrong.empty()) {
        INFO("round " << round);
        FAIL(wrong);
      }
    }
  });
}

TEST_CASE("a loop that is stopped before it begins calls nothing") {
  test::on_every_backend([](pl::backend& b) {
    std::stop_source source;
    source.request_stop();
    std::atomic<int> calls{0};
    const auto range = pl::prange(1000).stop(source.get_token());
    CHECK(pl::parallel_for(b, range, [&](index_t) { ++calls; }) == pl::loop_result{0, 1000});
    CHECK(pl::parallel_for_chunks(b, range, [&](index_t, index_t) { ++calls; }) == pl::loop_result{0, 1000});
    CHECK_FALSE(pl::parallel_sum(b, range, [&](index_t) { return ++calls, 1; }).has_value());
    CHECK(calls == 0);
    const auto nothing = pl::parallel_for(b, pl::prange(0).stop(source.get_token()), [&](index_t) { ++calls; });
    CHECK(nothing.complete());
  });
}

TEST_CASE("one thread that is stopped by its body stops soon") {
  pl::serial alone;
  std::stop_source source;
  std::atomic<int> calls{0};
  const auto result = pl::parallel_for(alone, pl::prange(10'000).stop(source.get_token()), [&](index_t i) {
    ++calls;
    test::busy_for(std::chrono::microseconds(200));  // longer than a block: asked between any two
    if (i == 3) source.request_stop();
  });
  CHECK(result == pl::loop_result{4, 10'000});
  CHECK(calls == 4);
}

TEST_CASE("inner loops are stopped by their own token, and by a shared one") {
  const test::watchdog guard(60, "nested stops");
  test::on_every_backend([](pl::backend& b) {
    std::atomic<int> incomplete{0};
    std::atomic<index_t> inner{0};
    pl::parallel_for(b, pl::grid(4, 5), [&](index_t y, index_t x) {
      std::stop_source own;
      const auto result = pl::parallel_for(b, pl::prange(2000).stop(own.get_token()), [&](index_t i) {
        ++inner;
        if (i == 10 * y + x) own.request_stop();
        if (own.stop_requested()) test::busy_for(std::chrono::microseconds(1));
      });
      if (result.ran > 2000 || result.total != 2000 || result.ran < 1) ++incomplete;
      inner -= result.ran;
    });
    CHECK(incomplete == 0);
    CHECK(inner == 0);
    std::stop_source shared;
    const auto outer = pl::parallel_for(b, pl::prange(1000).stop(shared.get_token()), [&](index_t i) {
      (void)pl::parallel_for(b, pl::prange(10).stop(shared.get_token()), [&](index_t k) {
        if (i == 7 && k == 5) shared.request_stop();
      });
      test::busy_for(std::chrono::microseconds(40));
    });
    CHECK(outer.ran >= 1);
    CHECK(outer.ran < 1000);
  });
}

TEST_CASE("reductions give nothing when they were stopped, and the same bits when they were not") {
  const test::watchdog guard(60, "stopped reductions");
  const auto body = [](index_t i) { return 1.0 / static_cast<double>(i + 1); };
  const auto add = [](double a, double b) { return a + b; };
  const double sum = pl::parallel_sum(pl::prange(100'000), body);
  const double fold = pl::parallel_reduce(pl::prange(100'000), 0.0, add, body);
  test::on_every_backend([&](pl::backend& b) {
    std::stop_source source;
    const auto range = pl::prange(100'000).stop(source.get_token());
    CHECK(pl::parallel_sum(b, range, body) == sum);
    CHECK(pl::parallel_reduce(b, range, 0.0, add, body) == fold);
    CHECK_FALSE(pl::parallel_sum(b, range, [&](index_t i) {
                  if (i == 200) source.request_stop();
                  test::busy_for(std::chrono::nanoseconds(i < 1000 ? 0 : 100));
                  return body(i);
                }).has_value());
    index_t last = 0;
    CHECK(pl::parallel_sum(b, pl::prange(100'000).progress([&](index_t done, index_t) { last = done; }), body) == sum);
    CHECK(last == 100'000);
  });
}

TEST_CASE("progress grows, is told by one thread at a time, and ends at the total") {
  const test::watchdog guard(60, "progress");
  test::on_every_backend([](pl::backend& b) {
    for (const index_t n : {0, 1, 2, 100, 5000}) {
      std::vector<index_t> seen;
      std::atomic<int> inside{0};
      std::atomic<bool> together{false};
      std::atomic<index_t> runs{0};
      const auto range = pl::prange(n).progress(
          [&](index_t done, index_t total) {
            if (inside.fetch_add(1) != 0 || total != n) together = true;
            if (done > runs.load()) together = true;
            seen.push_back(done);
            inside.fetch_sub(1);
          },
          std::chrono::nanoseconds(0));
      pl::parallel_for(b, range, [&](index_t) {
        ++runs;
        test::busy_for(std::chrono::microseconds(2));
      });
      CHECK_FALSE(together);
      REQUIRE_FALSE(seen.empty());
      CHECK(std::adjacent_find(seen.begin(), seen.end(), std::greater_equal<>()) == seen.end());
      CHECK(seen.back() == n);
      if (n == 5000) CHECK(seen.size() > 2);
    }
  });
}

TEST_CASE("progress is told no more often than asked, and not to the end when the loop was stopped") {
  pl::thread_pool pool({4});
  int calls = 0;
  const auto count = [&](index_t, index_t) { ++calls; };
  pl::parallel_for(pool, pl::prange(1'000'000).progress(count, std::chrono::hours(1)), [](index_t) {});
  CHECK(calls == 1);
  std::stop_source source;
  index_t last = 0;
  const auto result =
      pl::parallel_for(pool,
                       pl::prange(100'000)
                           .progress([&](index_t done, index_t) { last = done; }, std::chrono::microseconds(1))
                           .stop(source.get_token()),
                       [&](index_t i) {
                         test::busy_for(std::chrono::microseconds(5));
                         if (i == 50) source.request_stop();
                       });
  CHECK_FALSE(result.complete());
  CHECK(last <= result.ran);
}

TEST_CASE("what bodies and callbacks throw wins over the count") {
  test::on_every_backend([](pl::backend& b) {
    std::stop_source source;
    CHECK_THROWS_AS((void)pl::parallel_for(b, pl::prange(1000).stop(source.get_token()),
                                           [](index_t i) {
                                             if (i == 500) throw std::range_error("body");
                                           }),
                    std::range_error);
    const auto throws = [](index_t, index_t) { throw std::length_error("callback"); };
    CHECK_THROWS_AS(pl::parallel_for(b, pl::prange(1000).progress(throws), [](index_t) {}), std::length_error);
    CHECK_THROWS_AS(pl::parallel_for(b, pl::prange(1000).progress(throws, std::chrono::nanoseconds(0)),
                                     [](index_t) { test::busy_for(std::chrono::microseconds(1)); }),
                    std::length_error);
  });
}

TEST_CASE("blocks of chunks keep the grain, and options combine in any order") {
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  std::atomic<bool> good{true};
  const auto range = pl::prange(1003).stop(std::stop_token()).progress([](index_t, index_t) {}).grain(10).threads(2);
  CHECK(range.size() == 1003);
  CHECK(range.without_control().options().grain == 10);
  CHECK(range.without_control().options().threads == 2);
  const auto result = pl::parallel_for_chunks(cheap, range, [&](index_t begin, index_t end) {
    if (begin % 10 != 0 || (end % 10 != 0 && end != 1003)) good = false;
    test::busy_for(std::chrono::microseconds(20));
  });
  CHECK(result.complete());
  CHECK(good);
}

namespace {

/// Notes what its loops tell it.
struct noting_display {
  struct notes {
    index_t total = -1, last = -1, ran = -1;
    int watched = 0, ended = 0;
  };
  class loop {
   public:
    loop(notes& all, index_t total) : all_(&all) {
      ++all.watched;
      all.total = total;
    }
    loop(const loop&) = delete;
    loop& operator=(const loop&) = delete;
    void operator()(index_t done, index_t) { all_->last = done; }
    void ended(index_t ran) noexcept {
      ++all_->ended;
      all_->ran = ran;
    }

   private:
    notes* all_;
  };
  [[nodiscard]] loop watch(index_t total) const { return {*all, total}; }
  notes* all;
};
static_assert(pl::loop_display<noting_display>);

}  // namespace

TEST_CASE("a display makes an object for each loop, and hears of its end and exact count in every case") {
  test::on_every_backend([](pl::backend& b) {
    noting_display::notes notes;
    std::stop_source source;
    const auto range = pl::prange(1000).progress(noting_display{&notes});
    std::atomic<bool> early{false};  // watched before the loop, ended after it
    pl::parallel_for(b, range, [&](index_t) {
      if (notes.watched != 1 || notes.ended != 0) early = true;
    });
    CHECK_FALSE(early);
    CHECK((notes.total == 1000 && notes.last == 1000 && notes.ran == 1000 && notes.ended == 1));
    CHECK(pl::parallel_sum(b, range, [](index_t) { return 1; }) == 1000);
    CHECK((notes.watched == 2 && notes.ended == 2 && notes.ran == 1000));
    const auto result = pl::parallel_for(b, range.stop(source.get_token()), [&](index_t i) {
      test::busy_for(std::chrono::microseconds(10));
      if (i == 20) source.request_stop();
    });
    CHECK((notes.watched == 3 && notes.ended == 3 && notes.ran == result.ran));
    const auto body = [](index_t i) {
      if (i == 500) throw std::range_error("body");
    };
    CHECK_THROWS_AS(pl::parallel_for(b, range, body), std::range_error);
    CHECK((notes.watched == 4 && notes.ended == 4 && notes.ran < 1000));
  });
}
