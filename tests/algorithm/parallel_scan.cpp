// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Scans: against serial oracles, the same bits everywhere, in place, order, types, exceptions.
#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <deque>
#include <memory>
#include <numeric>
#include <parloop/algorithm/parallel_for.hpp>
#include <parloop/algorithm/parallel_scan.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../conformance.hpp"
#include "../every_backend.hpp"
#include "../support.hpp"

namespace pl = parloop;
using pl::index_t;

namespace {

// Round the ends of segments (8 doubles), blocks (2048) and of what is kept in the caller (4 blocks); a
// prime; several windows.
std::vector<index_t> sizes() {
  std::vector<index_t> all{0, 1, 2, 7, 8, 9, 63, 64, 65, 71, 72, 73, 2'047, 2'048, 2'049, 8'191, 8'192, 8'193, 100'003};
  if (!test::under_sanitizer) all.push_back(1'500'007);
  return all;
}

template <class T, class F>
std::vector<T> made(index_t n, F f) {
  std::vector<T> v(static_cast<std::size_t>(n));
  for (index_t i = 0; i < n; ++i) v[static_cast<std::size_t>(i)] = static_cast<T>(f(i));
  return v;
}

/// x -> a x + b modulo 2^64; composing these is associative but not commutative.
struct affine {
  std::uint64_t a = 1;
  std::uint64_t b = 0;
  friend bool operator==(const affine&, const affine&) = default;
};
constexpr auto then = [](const affine& first, const affine& second) {
  return affine{first.a * second.a, first.b * second.a + second.b};
};
affine affine_of(index_t i) {
  const auto u = static_cast<std::uint64_t>(i);
  return {2 * u + 3, u * u + 1};
}

}  // namespace

TEST_CASE("scans of integers are those of a plain loop, on every backend at every width") {
  const test::watchdog guard(120, "scans of integers");
  test::on_every_backend({1, 2, 3, 8}, [](pl::backend& b, const std::string& text) {
    for (const index_t n : sizes()) {
      CAPTURE(text, n);
      const auto in = made<std::int64_t>(n, [](index_t i) { return i * 7 % 1'001 - 500; });
      std::vector<std::int64_t> inclusive(in.size());
      std::vector<std::int64_t> exclusive(in.size());
      std::inclusive_scan(in.begin(), in.end(), inclusive.begin());
      std::exclusive_scan(in.begin(), in.end(), exclusive.begin(), std::int64_t{42});
      std::vector<std::int64_t> out(in.size(), -1);
      pl::inclusive_scan(b, in, out);
      CHECK((out == inclusive));
      pl::exclusive_scan(b, in, out, 42);
      CHECK((out == exclusive));
      out = in;
      pl::inclusive_scan(b, out, out);
      CHECK((out == inclusive));
      out = in;
      pl::exclusive_scan(b, out, out, 42);
      CHECK((out == exclusive));
    }
  });
}

TEST_CASE("scans of other operations and types, in order") {
  const test::watchdog guard(120, "scans of other types");
  test::on_every_backend({1, 2, 3, 8}, [](pl::backend& b, const std::string& text) {
    for (const index_t n : {1, 100, 5'000, 20'011}) {
      CAPTURE(text, n);
      const auto in = made<affine>(n, affine_of);
      std::vector<affine> expected(in.size());
      std::vector<affine> out(in.size());
      std::inclusive_scan(in.begin(), in.end(), expected.begin(), then);
      pl::inclusive_scan(b, in, out, then);
      CHECK((out == expected));
      std::exclusive_scan(in.begin(), in.end(), expected.begin(), affine{5, 7}, then);
      pl::exclusive_scan(b, in, out, affine{5, 7}, then);
      CHECK((out == expected));

      // Numbers of one byte, whose segments are long, summed up in eight; from a container that is not in one piece.
      const auto small = made<signed char>(n, [](index_t i) { return i % 255 - 127; });
      const std::deque<signed char> pieces(small.begin(), small.end());
      std::vector<std::int64_t> sums(small.size());
      std::vector<std::int64_t> wide(small.size());
      std::inclusive_scan(small.begin(), small.end(), sums.begin(), std::plus<>(), std::int64_t{0});
      pl::inclusive_scan(b, pieces, wide);
      CHECK((wide == sums));

      std::vector<int> largest(small.size());
      const auto larger = [](int left, int right) { return left < right ? right : left; };
      const auto jumping = made<int>(n, [](index_t i) { return i * 7919 % 10'007; });
      std::vector<int> expected_largest(small.size());
      std::inclusive_scan(jumping.begin(), jumping.end(), expected_largest.begin(), larger);
      pl::inclusive_scan(b, jumping, largest, larger);
      CHECK((largest == expected_largest));
    }
  });
}

TEST_CASE("an inclusive scan needs no identity, nor a default constructor") {
  const test::watchdog guard(60, "scans without an identity");
  struct run_of_neighbours {
    explicit run_of_neighbours(index_t i) : first(i), last(i) {}
    index_t first, last;
  };
  test::on_every_backend({1, 2, 8}, [](pl::backend& b, const std::string& text) {
    for (const index_t n : {0, 1, 5'000, 20'011}) {
      CAPTURE(text, n);
      std::vector<run_of_neighbours> runs;
      for (index_t i = 0; i < n; ++i) runs.emplace_back(i);
      std::atomic<int> torn{0};
      pl::inclusive_scan(b, runs, runs, [&torn](run_of_neighbours left, const run_of_neighbours& right) {
        if (left.last + 1 != right.first) torn.fetch_add(1);  // in order, and each value once
        left.last = right.last;
        return left;
      });
      index_t wrong = 0;
      for (index_t i = 0; i < n; ++i) {
        const run_of_neighbours& r = runs[static_cast<std::size_t>(i)];
        wrong += r.first != 0 || r.last != i ? 1 : 0;
      }
      CHECK((wrong == 0 && torn == 0));
    }
  });
}

TEST_CASE("strings are appended in order") {
  const test::watchdog guard(60, "strings");
  const auto append = [](std::string left, const std::string& right) { return std::move(left) + right; };
  const auto letters =
      made<std::string>(700, [](index_t i) { return std::string(1, static_cast<char>('a' + i % 26)); });
  std::vector<std::string> expected(letters.size());
  std::inclusive_scan(letters.begin(), letters.end(), expected.begin(), append);
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  std::vector<std::string> out(letters.size());
  pl::inclusive_scan(cheap, letters, out, append);
  CHECK((out == expected));
  pl::exclusive_scan(cheap, letters, out, ">", append);
  CHECK((out[0] == ">" && out[699] == ">" + expected[698]));
  out = letters;
  pl::inclusive_scan(cheap, out, out, append);
  CHECK((out == expected));
}

TEST_CASE("scans of floating-point numbers have the same bits on every backend at every width") {
  const test::watchdog guard(120, "the same bits");
  pl::serial alone;
  std::vector<std::vector<double>> expected;
  std::vector<std::vector<float>> expected_floats;
  for (const index_t n : sizes()) {
    const auto in = made<double>(n, test::mixed);
    expected.emplace_back(in.size());
    pl::inclusive_scan(alone, in, expected.back());
    expected.emplace_back(in.size());
    pl::exclusive_scan(alone, in, expected.back(), 0.1);
    expected_floats.emplace_back(in.size());
    pl::inclusive_scan(alone, in, expected_floats.back());
    long double sum = 0;
    long double magnitude = 0;
    bool close = true;
    for (index_t i = 0; i < n; ++i) {
      sum += static_cast<long double>(test::mixed(i));
      magnitude += std::abs(static_cast<long double>(test::mixed(i)));
      const auto error = static_cast<long double>(expected[expected.size() - 2][static_cast<std::size_t>(i)]) - sum;
      // At most 8 + 256 + 800 additions in a row: in a segment, a block, between blocks.
      close = close && std::abs(error) <= 1'064 * 0x1p-53L * magnitude;
    }
    CAPTURE(n);
    CHECK(close);
  }
  test::on_every_backend({1, 2, 3, 8}, [&](pl::backend& b, const std::string& text) {
    std::size_t next = 0;
    for (const index_t n : sizes()) {
      CAPTURE(text, n);
      const auto in = made<double>(n, test::mixed);
      std::vector<double> out(in.size());
      pl::inclusive_scan(b, in, out);
      CHECK((out == expected[2 * next]));
      out = in;
      pl::exclusive_scan(b, out, out, 0.1);
      CHECK((out == expected[2 * next + 1]));
      std::vector<float> floats(in.size());
      pl::inclusive_scan(b, in, floats);
      CHECK((floats == expected_floats[next]));
      ++next;
    }
  });
}

TEST_CASE("outputs that are streamed, beginning anywhere in a line, have the bits of those that are not") {
  const test::watchdog guard(120, "scans of large arrays");
  const auto n = static_cast<std::size_t>(pl::detail::cache_share_bytes()) / sizeof(double) + 4'099;
  if (n > 20'000'000) return;
  const auto in = made<double>(static_cast<index_t>(n), test::mixed);
  std::vector<double> expected = in;  // in place nothing is streamed
  pl::serial alone;
  pl::inclusive_scan(alone, expected, expected);
  pl::thread_pool pool({3});
  constexpr std::size_t most = 8;
  std::vector<double> room(n + most + 1);
  for (const std::size_t offset : {0, 1, 3, 6, 8}) {
    CAPTURE(offset);
    std::fill(room.begin(), room.end(), -7.0);
    const std::span<double> out(room.data() + offset, n);
    if (offset % 2 == 0) {
      pl::inclusive_scan(pool, in, out);
    } else {
      pl::inclusive_scan(alone, in, out);
    }
    CHECK(std::equal(out.begin(), out.end(), expected.begin()));
    CHECK(std::count(room.begin(), room.end(), -7.0) == static_cast<index_t>(room.size() - n));
  }
}

TEST_CASE("an exception of the operation arrives, and the backend works on") {
  const test::watchdog guard(120, "exceptions of scans");
  test::on_every_backend({1, 2, 3, 8}, [](pl::backend& b, const std::string& text) {
    CAPTURE(text);
    for (const index_t n : {2, 3'000, 30'011}) {
      for (const index_t at : {index_t{1}, n / 2, n - 1}) {
        const auto in = made<std::int64_t>(n, [at](index_t i) { return i == at ? 1 : 0; });
        std::vector<std::int64_t> out(in.size());
        const auto careful = [](std::int64_t left, std::int64_t right) {
          if (right == 1) throw std::domain_error("one");
          return left + right;
        };
        CHECK_THROWS_AS(pl::inclusive_scan(b, in, out, careful), std::domain_error);
        CHECK_THROWS_AS(pl::exclusive_scan(b, in, out, 0, careful), std::domain_error);
        pl::inclusive_scan(b, in, out);
        CHECK(
            (out.back() == 1 && out[static_cast<std::size_t>(at)] == 1 && out[static_cast<std::size_t>(at - 1)] == 0));
      }
    }
  });
}

TEST_CASE("arrays of different sizes and overlapping ones are refused") {
  std::vector<double> nine(9);
  std::vector<double> ten(10);
  CHECK_THROWS_AS(pl::inclusive_scan(nine, ten), std::invalid_argument);
  CHECK_THROWS_AS(pl::exclusive_scan(ten, nine, 0.0), std::invalid_argument);
  CHECK_THROWS_AS(pl::inclusive_scan(std::span(ten).first(9), std::span(ten).last(9)), std::invalid_argument);
  // The documentation's example.
  const std::vector<int> lengths{3, 1, 4, 1, 5};
  std::vector<int> ends(5);
  std::vector<int> begins(5);
  pl::inclusive_scan(lengths, ends);
  pl::exclusive_scan(lengths, begins, 0);
  CHECK((ends == std::vector<int>{3, 4, 8, 9, 14}));
  CHECK((begins == std::vector<int>{0, 3, 4, 8, 9}));
}

TEST_CASE("scans nest") {
  const test::watchdog guard(60, "nested scans");
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  std::vector<index_t> last(40);
  pl::parallel_for(cheap, pl::prange(40).grain(1), [&](index_t i) {
    const std::vector<index_t> ones(static_cast<std::size_t>(500 * i + 1), 1);
    std::vector<index_t> out(ones.size());
    pl::inclusive_scan(cheap, ones, out);
    last[static_cast<std::size_t>(i)] = out.back();
  });
  for (index_t i = 0; i < 40; ++i) CHECK(last[static_cast<std::size_t>(i)] == 500 * i + 1);
}
