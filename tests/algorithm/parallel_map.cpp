// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Maps: results in the order of the inputs, whatever their type; batches; nothing left behind by an exception.
#include <atomic>
#include <deque>
#include <memory>
#include <parloop/algorithm/parallel_map.hpp>
#include <span>
#include <stdexcept>
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

std::atomic<int> living{0};

/// No default constructor, moved only, counted.
class token {
 public:
  explicit token(index_t value) : value_(value) { ++living; }
  token(token&& other) noexcept : value_(other.value_) { ++living; }
  token& operator=(token&&) = delete;
  ~token() { --living; }
  [[nodiscard]] index_t value() const { return value_; }

 private:
  index_t value_;
};

}  // namespace

TEST_CASE("results stand in the order of the inputs") {
  const test::watchdog guard(60, "maps");
  test::on_every_backend([](pl::backend& b) {
    for (const index_t n : {0, 1, 2, 101, 5000}) {
      std::vector<int> input(static_cast<std::size_t>(n));
      for (std::size_t i = 0; i < input.size(); ++i) input[i] = static_cast<int>(i);
      const std::vector<double> halves = pl::parallel_map(b, input, [](int v) { return v / 2.0; });
      const std::vector<std::string> texts = pl::parallel_map(b, input, [](int v) { return std::to_string(v); });
      const std::vector<bool> odd = pl::parallel_map(b, std::span(input), [](int v) { return v % 2 == 1; });
      const std::vector<token> tokens = pl::parallel_map(b, pl::prange(n), [](index_t i) { return token(i); });
      const auto owners =
          pl::parallel_map(b, pl::prange(n).grain(7), [](index_t i) { return std::make_unique<index_t>(i); });
      REQUIRE(halves.size() == input.size());
      REQUIRE(texts.size() == input.size());
      REQUIRE(odd.size() == input.size());
      REQUIRE(tokens.size() == input.size());
      REQUIRE(owners.size() == input.size());
      index_t wrong = 0;
      for (std::size_t i = 0; i < input.size(); ++i) {
        wrong += halves[i] != static_cast<double>(i) / 2 || texts[i] != std::to_string(i) || odd[i] != (i % 2 == 1);
        wrong += tokens[i].value() != static_cast<index_t>(i) || *owners[i] != static_cast<index_t>(i);
      }
      CHECK(wrong == 0);
    }
  });
  CHECK(living == 0);
}

TEST_CASE("grids are mapped in row-major order, steps and containers in pieces too") {
  test::on_every_backend([](pl::backend& b) {
    const auto cells =
        pl::parallel_map(b, pl::grid(2, 3, 4), [](index_t z, index_t y, index_t x) { return 100 * z + 10 * y + x; });
    REQUIRE(cells.size() == 24);
    CHECK(cells[0] == 0);
    CHECK(cells[23] == 123);
    CHECK(cells[13] == 101);
    CHECK(pl::parallel_map(b, pl::prange(10, 0, -3), [](index_t i) { return i; }) == std::vector<index_t>{10, 7, 4, 1});
    std::deque<int> deque{3, 1, 2};
    CHECK(pl::parallel_map(b, deque, [](int& v) { return ++v; }) == std::vector<int>{4, 2, 3});
    CHECK(deque[0] == 4);
    const std::string kept = "kept";
    CHECK(pl::parallel_map(b, pl::prange(2), [&](index_t) -> const std::string& { return kept; }).at(1) == "kept");
  });
  const int plain[] = {1, 2, 3};
  CHECK(pl::parallel_map(plain, [](int v) { return v * v; }) == std::vector<int>{1, 4, 9});
  CHECK(pl::parallel_map(pl::prange(2), [](index_t i) { return i; }) == std::vector<index_t>{0, 1});
}

TEST_CASE("batches hold at least the grain") {
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  std::atomic<bool> good{true};
  // Within a batch one thread goes through neighbours: the one after i, unless i ends a batch, comes from it.
  const auto threads = pl::parallel_map(cheap, pl::prange(1000).grain(100), [&](index_t) {
    test::busy_for(std::chrono::microseconds(2));
    return std::this_thread::get_id();
  });
  for (std::size_t i = 0; i < threads.size(); ++i) {
    if (threads[i] != threads[i / 100 * 100]) good = false;
  }
  CHECK(good);
}

TEST_CASE("when the function throws, what was made is destroyed") {
  test::on_every_backend([](pl::backend& b) {
    for (const index_t bad : {0, 1, 500, 999}) {
      CHECK_THROWS_AS((void)pl::parallel_map(b, pl::prange(1000),
                                             [bad](index_t i) {
                                               if (i == bad) throw std::range_error("input");
                                               return token(i);
                                             }),
                      std::range_error);
      CHECK(living == 0);
    }
  });
}
