// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Philox against its published vectors, uniform numbers, streams, and the same numbers on every backend.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <parloop/algorithm/parallel_for.hpp>
#include <parloop/algorithm/parallel_reduce.hpp>
#include <parloop/random.hpp>
#include <random>
#include <set>
#include <vector>

#include "backends.hpp"
#include "catch.hpp"
#include "conformance.hpp"
#include "support.hpp"

namespace pl = parloop;
using pl::index_t;
using words = pl::four<std::uint32_t>;

namespace {

// The vectors of Random123, file kat_vectors, "philox4x32 10".
static_assert(pl::philox4x32({0, 0, 0, 0}, {0, 0}) == words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
static_assert(pl::philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
              words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
static_assert(pl::philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
              words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});

static_assert(std::uniform_random_bit_generator<pl::random_stream>);
static_assert(pl::random_stream::min() == 0);
static_assert(pl::random_stream::max() == std::numeric_limits<std::uint64_t>::max());

// The ends of the intervals.
static_assert(pl::detail::unit_53_bits(0, 0) == 0);
static_assert(pl::detail::unit_53_bits(0xffffffff, 0xffffffff) == 1 - 0x1p-53);
static_assert(pl::detail::unit_53_bits(0x20, 0) == 0x1p-27 && pl::detail::unit_53_bits(0, 0x40) == 0x1p-53);
static_assert(pl::detail::unit_one_word<double>(0) == 0);
static_assert(pl::detail::unit_one_word<double>(1) == 0x1p-32);
static_assert(pl::detail::unit_one_word<double>(0xffffffff) == 1 - 0x1p-32);
static_assert(pl::detail::unit_one_word<float>(0) == 0);
static_assert(pl::detail::unit_one_word<float>(0xffffffff) == 1 - 0x1p-24F);

/// Philox as its authors write it, one word at a time.
words reference(words c, pl::two<std::uint32_t> k) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t left = std::uint64_t{0xD2511F53} * c.x;
    const std::uint64_t right = std::uint64_t{0xCD9E8D57} * c.z;
    c = {static_cast<std::uint32_t>(right >> 32) ^ c.y ^ k.x, static_cast<std::uint32_t>(right),
         static_cast<std::uint32_t>(left >> 32) ^ c.w ^ k.y, static_cast<std::uint32_t>(left)};
    k = {k.x + 0x9E3779B9U, k.y + 0xBB67AE85U};
  }
  return c;
}

}  // namespace

TEST_CASE("Philox has its published values at run time, too, and those of its plain form") {
  // Through volatile, so that the compiler does not compute them.
  volatile std::uint32_t ones = 0xffffffff;
  CHECK((pl::philox4x32({ones, ones, ones, ones}, {ones, ones}) ==
         words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  test::random_source random(1);
  bool same = true;
  for (int i = 0; i < 10'000; ++i) {
    const auto word = [&random] { return static_cast<std::uint32_t>(random.next()); };
    const words counter{word(), word(), word(), word()};
    const pl::two<std::uint32_t> key{word(), word()};
    same = same && pl::philox4x32(counter, key) == reference(counter, key);
  }
  CHECK(same);
}

TEST_CASE("seed, iteration and draw are all of the counter and the key") {
  CHECK((pl::random_bits(0x0123456789abcdef, 0x1122334455667788, 0x99aabbccddeeff00) ==
         reference({0x55667788, 0x11223344, 0xddeeff00, 0x99aabbcc}, {0x89abcdef, 0x01234567})));
  CHECK((pl::random_bits(0, -1) == reference({0xffffffff, 0xffffffff, 0, 0}, {0, 0})));
  std::set<std::uint64_t> seen;
  for (const std::uint64_t seed : {0ULL, 1ULL, 1ULL << 32, ~0ULL}) {
    for (const index_t i : {index_t{0}, index_t{1}, index_t{1} << 32, index_t{-1}}) {
      for (const std::uint64_t draw : {0ULL, 1ULL, 1ULL << 32}) {
        const words w = pl::random_bits(seed, i, draw);
        seen.insert(static_cast<std::uint64_t>(w.x) << 32 | w.y);
        seen.insert(static_cast<std::uint64_t>(w.z) << 32 | w.w);
      }
    }
  }
  CHECK(seen.size() == 4 * 4 * 3 * 2);
}

TEST_CASE("a stream hands out the words in order, and its uniform numbers are uniform2's") {
  for (const index_t i : {0, 1, 77}) {
    pl::random_stream bits(42, i);
    pl::random_stream uniform(42, i);
    bool same = true;
    for (std::uint64_t draw = 0; draw < 100; ++draw) {
      const words w = pl::random_bits(42, i, draw);
      same = same && bits() == (static_cast<std::uint64_t>(w.x) << 32 | w.y);
      same = same && bits() == (static_cast<std::uint64_t>(w.z) << 32 | w.w);
      const auto [x, y] = pl::uniform2(42, i, draw);
      same = same && uniform.uniform() == x && uniform.uniform() == y;
    }
    CHECK(same);
  }
}

TEST_CASE("a stream works with the standard library") {
  std::vector<int> order(1'000);
  std::iota(order.begin(), order.end(), 0);
  pl::random_stream random(3, 0);
  std::shuffle(order.begin(), order.end(), random);
  CHECK(!std::is_sorted(order.begin(), order.end()));
  std::sort(order.begin(), order.end());
  CHECK((order.front() == 0 && order.back() == 999));
  std::normal_distribution<double> normal;
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) sum += normal(random);
  CHECK(std::abs(sum / 10'000) < 0.05);  // five times the standard error
}

TEST_CASE("uniform numbers are in [0, 1), with the mean, the variance and the bits of such") {
  constexpr index_t n = 200'000;
  double sum[10] = {};
  double squares[10] = {};
  bool inside = true;
  for (index_t i = 0; i < n; ++i) {
    const auto a = pl::uniform2(7, i);
    const auto b = pl::uniform4(8, i);
    const auto c = pl::uniform4<float>(9, i);
    const double values[] = {a.x, a.y, b.x, b.y, b.z, b.w, c.x, c.y, c.z, c.w};
    for (int k = 0; k < 10; ++k) {
      inside = inside && values[k] >= 0 && values[k] < 1;
      sum[k] += values[k];
      squares[k] += values[k] * values[k];
    }
  }
  CHECK(inside);
  for (int k = 0; k < 10; ++k) {
    // Five standard errors: those of the mean are sqrt(1/12n), of the mean square sqrt(4/45n).
    CHECK(std::abs(sum[k] / n - 0.5) < 5 * std::sqrt(1.0 / 12 / n));
    CHECK(std::abs(squares[k] / n - 1.0 / 3) < 5 * std::sqrt(4.0 / 45 / n));
  }
}

TEST_CASE("every bit of the words is set half of the time, in every word") {
  constexpr index_t n = 20'000;
  int set[4][32] = {};
  for (index_t i = 0; i < n; ++i) {
    const words w = pl::random_bits(1, i);
    const std::uint32_t all[] = {w.x, w.y, w.z, w.w};
    for (int k = 0; k < 4; ++k) {
      for (int bit = 0; bit < 32; ++bit) set[k][bit] += static_cast<int>(all[k] >> bit & 1);
    }
  }
  const double limit = 5 * std::sqrt(n / 4.0);
  for (const auto& word : set) {
    for (const int count : word) CHECK(std::abs(count - n / 2.0) < limit);
  }
}

TEST_CASE("random loops give the same on every backend at every width") {
  const test::watchdog guard(120, "random loops");
  const index_t n = test::under_sanitizer ? 20'000 : 200'000;
  const auto inside = [](index_t i) {
    const auto [x, y] = pl::uniform2(42, i);
    return x * x + y * y < 1;
  };
  std::int64_t hits = 0;
  std::vector<double> expected(static_cast<std::size_t>(n));
  for (index_t i = 0; i < n; ++i) {
    if (inside(i)) ++hits;
    pl::random_stream random(5, i);
    for (std::uint64_t k = random() % 4; k > 0; --k) (void)random();
    expected[static_cast<std::size_t>(i)] = random.uniform();
  }
  const double pi = 4.0 * static_cast<double>(hits) / static_cast<double>(n);
  CHECK(std::abs(pi - 3.14159265) < 5 * 1.65 / std::sqrt(static_cast<double>(n)));
  for (const test::candidate& candidate : test::candidates) {
    for (const int width : {1, 2, 8}) {
      CAPTURE(candidate.name, width);
      const auto b = candidate.make(width);
      conformance::eager cheap(*b);
      CHECK(pl::parallel_sum(cheap, pl::prange(n), inside) == hits);
      std::vector<double> numbers(expected.size());
      pl::parallel_for(cheap, pl::prange(n), [&](index_t i) {
        pl::random_stream random(5, i);
        for (std::uint64_t k = random() % 4; k > 0; --k) (void)random();
        numbers[static_cast<std::size_t>(i)] = random.uniform();
      });
      CHECK((numbers == expected));
    }
  }
}
