// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Scratch objects: used by one thread at a time, no more of them than threads, destroyed in the end.
#include <atomic>
#include <parloop/algorithm/with_scratch.hpp>
#include <stdexcept>
#include <stop_token>
#include <vector>

#include "../catch.hpp"
#include "../conformance.hpp"
#include "../every_backend.hpp"
#include "../support.hpp"

namespace pl = parloop;
using pl::index_t;

namespace {

std::atomic<int> living{0};
std::atomic<int> made{0};

/// Neither copied nor moved.
struct scratch {
  scratch() { ++living, ++made; }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
  ~scratch() { --living; }
  int users = 0;  // not atomic: the thread sanitizer sees two threads
  index_t uses = 0;
};

}  // namespace

TEST_CASE("each index runs once, with scratch that nobody else uses") {
  const test::watchdog guard(60, "scratch");
  test::on_every_backend([](pl::backend& b) {
    for (const index_t n : {0, 1, 2, 64, 1000, 20'000}) {
      for (int round = 0; round < 5; ++round) {
        made = 0;
        std::atomic<bool> alone{true};
        std::vector<unsigned char> runs(static_cast<std::size_t>(n));
        pl::parallel_for(
            b, pl::prange(n), [] { return scratch(); },
            [&](index_t i, scratch& s) {
              if (++s.users != 1) alone = false;
              ++s.uses;
              ++runs[static_cast<std::size_t>(i)];
              if (round > 2 && i % 16 == 0) test::busy_for(std::chrono::microseconds(1));
              --s.users;
            });
        CHECK(alone);
        CHECK(made <= b.width());
        CHECK((made > 0) == (n > 0));
        CHECK(living == 0);
        CHECK(std::count(runs.begin(), runs.end(), 1) == n);
      }
    }
  });
}

TEST_CASE("grids, nested loops, default backend, controlled ranges") {
  const test::watchdog guard(60, "scratch in grids");
  test::on_every_backend([](pl::backend& b) {
    std::atomic<index_t> sum{0};
    pl::parallel_for(
        b, pl::grid(10, 20), [] { return std::vector<index_t>(20); },
        [&](index_t y, index_t x, std::vector<index_t>& row) {
          row[static_cast<std::size_t>(x)] = y;
          pl::parallel_for(
              b, pl::prange(x), [] { return index_t{0}; }, [&](index_t, index_t& calls) { sum += ++calls > 0; });
          sum += row[static_cast<std::size_t>(x)];
        });
    CHECK(sum == 20 * 45 + 10 * 190);
    std::stop_source source;
    const auto result = pl::parallel_for(
        b, pl::grid(2, 3, 4).stop(source.get_token()), [] { return 1; },
        [&](index_t, index_t, index_t, int& one) { sum += one; });
    CHECK(result == pl::loop_result{24, 24});
  });
  std::atomic<index_t> sum{0};
  pl::parallel_for(
      pl::prange(100), [] { return 2; }, [&](index_t, int& two) { sum += two; });
  CHECK(sum == 200);
}

TEST_CASE("what make_scratch or the body throws arrives, and nothing stays") {
  test::on_every_backend([](pl::backend& b) {
    CHECK_THROWS_AS(
        pl::parallel_for(
            b, pl::prange(100), []() -> scratch { throw std::range_error("no scratch"); }, [](index_t, scratch&) {}),
        std::range_error);
    CHECK_THROWS_AS(pl::parallel_for(
                        b, pl::prange(1000), [] { return scratch(); },
                        [](index_t i, scratch&) {
                          if (i == 700) throw std::length_error("body");
                        }),
                    std::length_error);
    CHECK(living == 0);
  });
}
