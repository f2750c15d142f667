// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// One use of every public function of transform.hpp, parallel_map.hpp, controlled.hpp and with_scratch.hpp, as a user
/// would write it.
#include <parloop/parloop.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "catch.hpp"

namespace pl = parloop;

TEST_CASE("examples of element-wise operations") {
  std::vector<double> x(1000), y(1000), z(1000);
  pl::generate(x, [](pl::index_t i) { return static_cast<double>(i); });
  pl::fill(y, 2);
  pl::transform(x, z, [](double v) { return v + 2; });
  pl::transform(x, y, z, [](double v, double w) { return 3 * v + w; });
  pl::transform(z, z, [](double v) { return -v; });  // in place
  pl::copy(z, x);
  CHECK(x[999] == -2999);
}

TEST_CASE("examples of maps") {
  const std::vector<std::string> words{"one", "three"};
  const auto lengths = pl::parallel_map(words, [](const std::string& w) { return w.size(); });
  const auto squares = pl::parallel_map(pl::prange(10'000).grain(1000), [](pl::index_t i) { return i * i; });
  CHECK(lengths == std::vector<std::size_t>{3, 5});
  CHECK(squares[9999] == 99'980'001);
}

TEST_CASE("examples of stopping and watching") {
  std::stop_source stop;
  const pl::loop_result found = pl::parallel_for(pl::prange(1'000'000).stop(stop.get_token()), [&](pl::index_t i) {
    if (i == 4321) stop.request_stop();
  });
  CHECK(found.ran <= found.total);
  const auto sum = pl::parallel_sum(pl::prange(1000).stop(std::stop_token()), [](pl::index_t i) { return i; });
  CHECK(sum == 499'500);  // a std::optional: empty when stopped
  const auto largest = pl::parallel_reduce(
      pl::prange(1000).stop(std::stop_token()), pl::index_t{0},
      [](pl::index_t a, pl::index_t b) { return a < b ? b : a; }, [](pl::index_t i) { return i % 77; });
  CHECK(largest == 76);
  pl::index_t last = 0;
  pl::parallel_for(pl::grid(100, 100).progress([&](pl::index_t done, pl::index_t) { last = done; }),
                   [](pl::index_t, pl::index_t) {});
  CHECK(last == 10'000);
  const auto chunks =
      pl::parallel_for_chunks(pl::prange(1000).stop(std::stop_token()), [](pl::index_t, pl::index_t) {});
  CHECK(chunks.complete());
}

TEST_CASE("an example of scratch") {
  std::vector<pl::index_t> out(1000);
  pl::parallel_for(
      pl::prange(1000), [] { return std::vector<pl::index_t>(64); },
      [&](pl::index_t i, std::vector<pl::index_t>& room) {
        room[static_cast<std::size_t>(i % 64)] = i;
        out[static_cast<std::size_t>(i)] = room[static_cast<std::size_t>(i % 64)];
      });
  CHECK(out[999] == 999);
}
