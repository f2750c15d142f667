// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Smallest and largest values and where they are: ties, NaNs, infinities, limits, types, steps, grids.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <parloop/algorithm/parallel_min_max.hpp>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

#include "../backends.hpp"
#include "../catch.hpp"
#include "../conformance.hpp"
#include "../support.hpp"

namespace pl = parloop;
using pl::index_t;

namespace {

constexpr int widths[] = {1, 2, 3, 8, 16};

/// Calls test(b, text) for every backend at every width, made to share every loop.
template <class Test>
void on_every_backend(Test test) {
  for (const test::candidate& candidate : test::candidates) {
    for (const int width : widths) {
      if (width > 1 && std::string(candidate.name) == "serial") continue;
      const auto b = candidate.make(width);
      conformance::eager cheap(*b);
      test(static_cast<pl::backend&>(cheap), std::string(candidate.name) + ", width " + std::to_string(width));
    }
  }
}

template <class T>
struct extremes {
  T min;
  T max;
  index_t first_min;
  index_t first_max;
};

/// The serial oracle: the first of equals; NaNs count only where there is nothing else.
template <class T>
extremes<T> extremes_of(const std::vector<T>& values) {
  index_t smallest = 0;
  index_t largest = 0;
  const auto at = [&](index_t i) { return T(values[static_cast<std::size_t>(i)]); };
  const auto is_nan = [](const T& x) { return !(x == x); };
  for (index_t i = 1; i < static_cast<index_t>(values.size()); ++i) {
    if (at(i) < at(smallest) || (is_nan(at(smallest)) && !is_nan(at(i)))) smallest = i;
    if (at(largest) < at(i) || (is_nan(at(largest)) && !is_nan(at(i)))) largest = i;
  }
  return {at(smallest), at(largest), smallest, largest};
}

/// What is wrong with the four verbs over these values; empty when all is well.
template <class T>
std::string compare(pl::backend& b, const std::vector<T>& values) {
  const extremes<T> expected = extremes_of(values);
  const auto body = [&](index_t i) { return T(values[static_cast<std::size_t>(i)]); };
  const auto r = pl::prange(values.size());
  const auto same = [](const T& x, const T& y) { return x == y || (!(x == x) && !(y == y)); };
  const auto smallest = pl::parallel_argmin(b, r, body);
  const auto largest = pl::parallel_argmax(b, r, body);
  std::string wrong;
  if (!same(pl::parallel_min(b, r, body), expected.min)) wrong += "min ";
  if (!same(pl::parallel_max(b, r, body), expected.max)) wrong += "max ";
  if (!same(smallest.value, expected.min)) wrong += "argmin's value ";
  if (!same(largest.value, expected.max)) wrong += "argmax's value ";
  if (smallest.index != expected.first_min) wrong += "argmin's index " + std::to_string(smallest.index);
  if (largest.index != expected.first_max) wrong += "argmax's index " + std::to_string(largest.index);
  return wrong;
}

constexpr index_t sizes[] = {1, 2, 3, 15, 16, 17, 63, 64, 65, 511, 512, 513, 4'097, 100'003};

}  // namespace

TEMPLATE_TEST_CASE("random values with many ties, on every backend at every width", "", std::int8_t, std::uint16_t, int,
                   std::int64_t, std::uint64_t, float, double) {
  const test::watchdog guard(60, "ties");
  on_every_backend([](pl::backend& b, const std::string& text) {
    test::random_source random(7);
    for (const index_t n : sizes) {
      for (const std::int64_t different : {1, 3, 100}) {
        std::vector<TestType> values(static_cast<std::size_t>(n));
        for (TestType& v : values) v = static_cast<TestType>(random.below(different));
        CAPTURE(text, n, different);
        CHECK(compare(b, values) == "");
      }
    }
  });
}

TEST_CASE("the one smallest value is found wherever it is") {
  const test::watchdog guard(60, "wherever");
  pl::thread_pool pool({8});
  conformance::eager cheap(pool);
  for (const index_t n : {1, 2, 16, 17, 64, 65, 130, 513}) {
    std::vector<float> values(static_cast<std::size_t>(n), 5.0F);
    for (std::size_t k = 0; k < values.size(); ++k) {
      for (const float value : {4.0F, 6.0F}) {
        values[k] = value;
        CAPTURE(n, k, value);
        CHECK(compare(cheap, values) == "");
      }
      values[k] = 5.0F;
    }
  }
}

TEMPLATE_TEST_CASE("integers at the limits of their type", "", signed char, unsigned char, short, unsigned short, int,
                   unsigned, std::int64_t, std::uint64_t) {
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  constexpr TestType low = std::numeric_limits<TestType>::lowest();
  constexpr TestType high = std::numeric_limits<TestType>::max();
  for (const std::size_t n : {std::size_t{1}, std::size_t{20}, std::size_t{1'000}}) {
    CHECK(compare(cheap, std::vector<TestType>(n, low)) == "");
    CHECK(compare(cheap, std::vector<TestType>(n, high)) == "");
    std::vector<TestType> both(n, high);
    both[n / 2] = low;
    both[n / 3] = low;
    CHECK(compare(cheap, both) == "");
    std::replace(both.begin(), both.end(), high, static_cast<TestType>(1));
    CHECK(compare(cheap, both) == "");
  }
}

TEMPLATE_TEST_CASE("NaNs count only where there is nothing else; infinities as numbers", "", float, double,
                   long double) {
  const test::watchdog guard(60, "NaNs");
  using T = TestType;
  constexpr T nan = std::numeric_limits<T>::quiet_NaN();
  constexpr T infinity = std::numeric_limits<T>::infinity();
  on_every_backend([](pl::backend& b, const std::string& text) {
    CAPTURE(text);
    for (const index_t n : {1, 2, 17, 64, 65, 513, 4'097}) {
      CAPTURE(n);
      const auto r = pl::prange(n);
      const auto only = [&](T value) { return std::vector<T>(static_cast<std::size_t>(n), value); };
      const auto all_nan = [](index_t) { return nan; };
      CHECK(std::isnan(pl::parallel_min(b, r, all_nan)));
      CHECK(std::isnan(pl::parallel_max(b, r, all_nan)));
      CHECK(pl::parallel_argmin(b, r, all_nan).index == 0);
      CHECK(pl::parallel_argmax(b, r, all_nan).index == 0);
      CHECK(compare(b, only(infinity)) == "");
      CHECK(compare(b, only(-infinity)) == "");
      for (const index_t at : {index_t{0}, n / 3, n / 2, n - 1}) {
        for (const T one : {T(1), infinity, -infinity, std::numeric_limits<T>::max(), std::numeric_limits<T>::lowest(),
                            std::numeric_limits<T>::denorm_min()}) {
          std::vector<T> values = only(nan);
          values[static_cast<std::size_t>(at)] = one;
          CHECK(compare(b, values) == "");  // the only number
          values = only(T(2));
          values[static_cast<std::size_t>(at)] = one;
          if (n > 1) values[static_cast<std::size_t>((at + 1) % n)] = nan;
          CHECK(compare(b, values) == "");
        }
      }
      test::random_source random(static_cast<std::uint64_t>(n));
      std::vector<T> values = only(nan);
      for (T& v : values) {
        const T some[] = {nan, T(random.below(5)), infinity, -infinity};
        v = random.chance(50) ? nan : random.one_of(some);
      }
      CHECK(compare(b, values) == "");
    }
  });
}

TEST_CASE("strings and bool") {
  const test::watchdog guard(60, "strings and bool");
  on_every_backend([](pl::backend& b, const std::string& text) {
    CAPTURE(text);
    test::random_source random(3);
    for (const index_t n : {1, 2, 64, 65, 513}) {
      CAPTURE(n);
      std::vector<std::string> words(static_cast<std::size_t>(n));
      for (std::string& word : words) word = std::string(40, 'x') + std::to_string(random.below(90));
      CHECK(compare(b, words) == "");
      std::vector<bool> bits(static_cast<std::size_t>(n));
      CHECK(compare(b, bits) == "");
      bits[bits.size() / 2] = true;
      CHECK(compare(b, bits) == "");
      bits.flip();
      CHECK(compare(b, bits) == "");
    }
  });
}

namespace {
/// Has only <, and no default constructor.
struct by_key {
  explicit by_key(index_t k, index_t t) : key(k), tag(t) {}
  index_t key;
  index_t tag;
  friend bool operator<(const by_key& a, const by_key& b) { return a.key < b.key; }
};
}  // namespace

TEST_CASE("values that have only <; of equals the first is returned") {
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  const auto body = [](index_t i) { return by_key((i * 7) % 10, i); };
  const auto smallest = pl::parallel_argmin(cheap, pl::prange(1'000), body);
  CHECK(smallest.value.tag == 0);
  CHECK(smallest.index == 0);
  const auto largest = pl::parallel_argmax(cheap, pl::prange(1'000), body);
  CHECK(largest.value.key == 9);
  CHECK(largest.value.tag == 7);
  CHECK(largest.index == 7);
  CHECK(pl::parallel_min(cheap, pl::prange(500, 1'000), body).tag == 500);
  CHECK(pl::parallel_max(cheap, pl::prange(500, 1'000), body).tag == 507);
}

TEST_CASE("the index is that of the range, with its steps, in every number of dimensions") {
  const test::watchdog guard(60, "indices");
  on_every_backend([](pl::backend& b, const std::string& text) {
    CAPTURE(text);
    const auto distance = [](index_t i) { return std::abs(i - 1'002); };
    CHECK(pl::parallel_argmin(b, pl::prange(0, 5'000), distance).index == 1'002);
    CHECK(pl::parallel_argmin(b, pl::prange(1, 5'000, 2), distance).index == 1'001);   // 1'003 is as near
    CHECK(pl::parallel_argmin(b, pl::prange(4'999, 0, -2), distance).index == 1'003);  // comes first here
    CHECK(pl::parallel_argmin(b, pl::prange(-5'000, 5'000, 10), distance).value == 2);
    CHECK(pl::parallel_argmax(b, pl::prange(0, 2'005), distance).index == 0);
    CHECK(pl::parallel_argmax(b, pl::prange(2'004, -1, -1), distance).index == 2'004);
    constexpr index_t highest = std::numeric_limits<index_t>::max();
    CHECK(pl::parallel_argmax(b, pl::prange(highest - 100, highest), [](index_t i) { return i; }).index == highest - 1);
    const auto wave = [](index_t y, index_t x) { return (y * 5 + x * 3) % 17; };
    index_t best = -1;
    std::array<index_t, 2> where{};
    std::array<index_t, 2> where_stepped{-1, -1};
    for (index_t y = 0; y < 40; ++y) {
      for (index_t x = 0; x < 33; ++x) {
        if (wave(y, x) > best) {
          best = wave(y, x);
          where = {y, x};
        }
      }
    }
    for (index_t y = 39; y >= 0 && where_stepped[0] < 0; --y) {
      for (index_t x = 1; x < 33; x += 2) {
        if (wave(y, x) == 16) {
          where_stepped = {y, x};
          break;
        }
      }
    }
    const auto plane = pl::parallel_argmax(b, pl::grid(40, 33), wave);
    CHECK(plane.value == best);
    CHECK(plane.index == where);
    CHECK(pl::parallel_max(b, pl::grid(40, 33), wave) == best);
    const auto stepped = pl::parallel_argmax(b, pl::grid(pl::prange(39, -1, -1), pl::prange(1, 33, 2)), wave);
    CHECK(stepped.value == 16);
    CHECK(stepped.index == where_stepped);
    // Planes and rows that differ, one after another, by their sole smallest cell.
    for (const index_t at : {0, 1, 12, 13, 90, 91, 700, 910, 1'000, 1'091}) {
      const auto cell = [at](index_t z, index_t y, index_t x) { return ((z * 7) + y) * 13 + x == at ? 0 : 1; };
      const auto found = pl::parallel_argmin(b, pl::grid(12, 7, 13), cell);
      CHECK(found.value == 0);
      CHECK(found.index == std::array<index_t, 3>{at / 91, at / 13 % 7, at % 13});
      CHECK(pl::parallel_min(b, pl::grid(12, 7, 13), cell) == 0);
    }
    const auto flat = pl::parallel_argmin(b, pl::grid(pl::prange(5, 1, -1), pl::prange(-3, 40), pl::prange(9, 0, -3)),
                                          [](index_t, index_t, index_t) { return 1.5; });
    CHECK(flat.value == 1.5);
    CHECK(flat.index == std::array<index_t, 3>{5, -3, 9});
  });
}

TEST_CASE("options do not change what is found") {
  pl::thread_pool pool({8});
  conformance::eager cheap(pool);
  const auto body = [](index_t i) { return (i * 37 + 11) % 101; };  // 37 * 27 + 11 is 10 * 101
  for (const index_t grain : {0, 1, 3, 64, 1'000, 100'000}) {
    for (const int threads : {0, 1, 2, 100}) {
      CHECK(pl::parallel_argmin(cheap, pl::prange(10'000).grain(grain).threads(threads), body).index == 27);
      CHECK(pl::parallel_min(cheap, pl::prange(10'000).grain(grain).threads(threads), body) == 0);
    }
  }
}

TEST_CASE("an empty range has no smallest or largest value") {
  pl::thread_pool pool({4});
  const auto number = [](index_t) -> double { throw std::logic_error("called"); };
  const auto text = [](index_t) -> std::string { throw std::logic_error("called"); };
  const auto cell = [](index_t, index_t) -> int { throw std::logic_error("called"); };
  const auto none = pl::prange(0);
  CHECK_THROWS_AS((void)pl::parallel_min(pool, none, number), std::invalid_argument);
  CHECK_THROWS_AS((void)pl::parallel_max(pool, none, number), std::invalid_argument);
  CHECK_THROWS_AS((void)pl::parallel_argmin(pool, none, number), std::invalid_argument);
  CHECK_THROWS_AS((void)pl::parallel_argmax(pool, none, number), std::invalid_argument);
  CHECK_THROWS_AS((void)pl::parallel_min(none, text), std::invalid_argument);
  CHECK_THROWS_AS((void)pl::parallel_max(pool, none, text), std::invalid_argument);
  CHECK_THROWS_AS((void)pl::parallel_argmin(none, text), std::invalid_argument);
  CHECK_THROWS_AS((void)pl::parallel_min(pool, pl::grid(5, 0), cell), std::invalid_argument);
  CHECK_THROWS_AS((void)pl::parallel_argmax(pl::grid(0, 5), cell), std::invalid_argument);
  CHECK_THROWS_AS((void)pl::parallel_min(pool, pl::prange(5, 1), number), std::invalid_argument);
}

TEST_CASE("the body's exceptions arrive") {
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  for (const index_t n : {1, 2, 65, 4'097}) {
    for (const index_t at : {index_t{0}, n / 2, n - 1}) {
      const auto number = [at](index_t i) { return i == at ? throw std::out_of_range("number") : 1.0; };
      const auto text = [at](index_t i) { return i == at ? throw std::out_of_range("text") : std::string(100, 'x'); };
      CHECK_THROWS_WITH((void)pl::parallel_min(cheap, pl::prange(n).grain(1), number), "number");
      CHECK_THROWS_WITH((void)pl::parallel_argmax(cheap, pl::prange(n), number), "number");
      CHECK_THROWS_WITH((void)pl::parallel_max(cheap, pl::prange(n), text), "text");
    }
  }
}

TEST_CASE("without a backend, the default one; bodies may return references") {
  const std::vector<double> from = {3.0, 1.0, 4.0, 1.0, 5.0};
  const auto body = [&](index_t i) -> const double& { return from[static_cast<std::size_t>(i)]; };
  CHECK(pl::parallel_min(pl::prange(5), body) == 1.0);
  CHECK(pl::parallel_max(pl::prange(5), body) == 5.0);
  CHECK(pl::parallel_argmin(pl::prange(5), body).index == 1);
  CHECK(pl::parallel_argmax(pl::prange(5), body).index == 4);
  static_assert(std::is_same_v<decltype(pl::parallel_argmin(pl::prange(5), body)), pl::extremum<double, 1>>);
  static_assert(std::is_same_v<decltype(pl::parallel_min(pl::prange(5), body)), double>);
}

namespace {

/// The four verbs over one range: whether each found something, as its value or not at all.
template <class Range, class Body>
std::vector<std::optional<double>> found_values(pl::backend& b, const Range& range, const Body& body) {
  const auto value = [](const auto& found) {
    return found ? std::optional<double>(static_cast<double>(found->value)) : std::nullopt;
  };
  return {pl::parallel_min(b, range, body), pl::parallel_max(b, range, body),
          value(pl::parallel_argmin(b, range, body)), value(pl::parallel_argmax(b, range, body))};
}

}  // namespace

TEST_CASE("with a token the result is there when all iterations ran, and only then") {
  const test::watchdog guard(60, "stopped searches");
  const auto body = [](index_t i) { return static_cast<double>((i * 37 + 11) % 101); };
  const std::vector<std::optional<double>> all{0.0, 100.0, 0.0, 100.0};
  const std::vector<std::optional<double>> nothing(4);
  on_every_backend([&](pl::backend& b, const std::string& text) {
    CAPTURE(text);
    std::stop_source source;
    const auto range = pl::prange(10'000).stop(source.get_token());
    CHECK(found_values(b, range, body) == all);
    CHECK(pl::parallel_argmin(b, range, body)->index == 27);
    CHECK(pl::parallel_argmax(b, pl::grid(50, 200).stop(source.get_token()), [&](index_t y, index_t x) {
            return body(200 * y + x);
          })->index == pl::parallel_argmax(b, pl::grid(50, 200), [&](index_t y, index_t x) {
                         return body(200 * y + x);
                       }).index);
    const auto word = [](index_t i) { return std::to_string(i); };
    CHECK(pl::parallel_max(b, range, word) == "9999");
    const auto stops = [&](index_t i) {
      source.request_stop();  // so each thread ends with its first block, of 500
      return body(i);
    };
    CHECK(pl::parallel_min(b, range, stops) == std::nullopt);
    CHECK(found_values(b, range, body) == nothing);
    CHECK_FALSE(pl::parallel_max(b, range, word).has_value());
    CHECK_THROWS_AS((void)pl::parallel_min(b, pl::prange(0).stop(source.get_token()), body), std::invalid_argument);
  });
}

TEST_CASE("progress ends at the total, and the result has the type of the plain one") {
  on_every_backend([](pl::backend& b, const std::string& text) {
    CAPTURE(text);
    index_t last = 0;
    const auto range = pl::prange(10'000).progress([&](index_t done, index_t) { last = done; });
    const auto body = [](index_t i) { return (i * 37 + 11) % 101; };
    const index_t smallest = pl::parallel_min(b, range, body);
    CHECK(smallest == 0);
    CHECK(std::exchange(last, 0) == 10'000);
    const pl::extremum<index_t, 1> where = pl::parallel_argmin(b, range, body);
    CHECK(where.index == 27);
    CHECK(std::exchange(last, 0) == 10'000);
    const auto throws = [](index_t i) { return i == 5'000 ? throw std::range_error("body") : i; };
    CHECK_THROWS_AS((void)pl::parallel_argmax(b, range, throws), std::range_error);
    CHECK(last < 10'000);
  });
}
