// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Functions at the same time: each once, exceptions, nesting.
#include <atomic>
#include <parloop/algorithm/parallel_invoke.hpp>
#include <stdexcept>
#include <vector>

#include "../catch.hpp"
#include "../every_backend.hpp"
#include "../support.hpp"

namespace pl = parloop;
using pl::index_t;

TEST_CASE("each function is called once, whatever it returns") {
  const test::watchdog guard(60, "invoke");
  test::on_every_backend({1, 2, 8}, [](pl::backend& b, const std::string& text) {
    CAPTURE(text);
    for (int round = 0; round < 100; ++round) {
      std::vector<int> calls(5);
      pl::parallel_invoke(
          b, [&] { ++calls[0]; }, [&] { return ++calls[1]; }, [&] { ++calls[2]; }, [&] { ++calls[3]; },
          [&] { return calls[4]++; });
      CHECK(calls == std::vector<int>(5, 1));
      pl::parallel_invoke(b, [&] { ++calls[0]; });
      CHECK(calls[0] == 2);
    }
    pl::parallel_invoke(b);
  });
}

TEST_CASE("functions that wait for each other run at the same time") {
  const test::watchdog guard(60, "two at a time");
  pl::thread_pool pool({2});
  conformance::eager cheap(pool);
  std::atomic<int> there{0};
  std::atomic<int> met{0};
  const auto meet = [&] {
    ++there;
    if (test::becomes_true([&] { return there == 2; })) ++met;
  };
  pl::parallel_invoke(cheap, meet, meet);
  CHECK(met == 2);
}

TEST_CASE("the first exception arrives when what has started has ended, and functions may invoke others") {
  const test::watchdog guard(60, "exceptions");
  test::on_every_backend([](pl::backend& b) {
    std::atomic<int> inside{0};
    const auto counted = [&] {
      ++inside;
      test::busy_for(std::chrono::microseconds(20));
      --inside;
    };
    CHECK_THROWS_AS(pl::parallel_invoke(
                        b, counted, [] { throw std::range_error("thrown"); }, counted),
                    std::range_error);
    CHECK(inside == 0);
    std::atomic<int> calls{0};
    const auto call = [&] { ++calls; };
    pl::parallel_invoke(
        b, call, [&] { pl::parallel_invoke(b, call, call, call); },
        [&] { pl::parallel_for(b, pl::prange(100), [&](index_t) { call(); }); });
    CHECK(calls == 104);
  });
}
