// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Element-wise operations against plain loops: every backend, types that are streamed and types that are not, every
/// alignment, places that overlap, functions that throw.
#include <algorithm>
#include <array>
#include <complex>
#include <cstring>
#include <deque>
#include <numeric>
#include <parloop/algorithm/transform.hpp>
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

struct rgb {
  unsigned char r = 0, g = 0, b = 0;
  friend bool operator==(const rgb&, const rgb&) = default;
};
struct record {
  double value = 0;
  std::int64_t key = 0;
  float weight = 0;
  int spare = 0;
  friend bool operator==(const record&, const record&) = default;
};
struct keeps_its_tag {  // trivially copyable, but what is assigned to it is not all of it
  float value = 0;
  int tag = 7;
  keeps_its_tag& operator=(float v) { return value = v, *this; }
};

template <class T>
T number(std::size_t i) {
  if constexpr (std::is_same_v<T, std::complex<double>>) {
    return static_cast<double>(i);
  } else {
    return static_cast<T>(i);
  }
}

template <class T>
T make(index_t i) {
  if constexpr (std::is_same_v<T, rgb>) {
    return {static_cast<unsigned char>(i), static_cast<unsigned char>(i >> 3), static_cast<unsigned char>(i * 7)};
  } else if constexpr (std::is_same_v<T, record>) {
    return {static_cast<double>(i) / 3, i, static_cast<float>(i), static_cast<int>(i % 1000)};
  } else {
    return static_cast<T>(i * 37 + 11);
  }
}

const index_t sizes[] = {0, 1, 2, 3, 7, 64, 127, 1000, 4099, 70'001};

/// Writes `n` elements from `offset` bytes behind the beginning of a line on, by streaming, and compares them and
/// their surroundings.
template <class T>
std::string streams(pl::backend& b, index_t n, index_t offset) {
  const auto size = static_cast<std::size_t>(n) * sizeof(T);
  std::vector<std::byte> memory(size + 256, std::byte{0xa5});
  void* place = memory.data() + 64;
  std::size_t room = memory.size();
  std::align(64, 1, place, room);
  auto* const first = static_cast<std::byte*>(place) + offset;
  auto* const out = reinterpret_cast<T*>(first);
  std::vector<T> in(static_cast<std::size_t>(n));
  std::vector<T> expected(static_cast<std::size_t>(n));
  for (index_t i = 0; i < n; ++i) in[static_cast<std::size_t>(i)] = make<T>(i);
  for (index_t i = 0; i < n; ++i) expected[static_cast<std::size_t>(i)] = make<T>(i + 5);
  const auto same = [&](const std::vector<T>& values) {
    if (size > 0 && std::memcmp(out, values.data(), size) != 0) return false;
    return std::all_of(memory.data(), first, [](std::byte v) { return v == std::byte{0xa5}; }) &&
           std::all_of(first + size, memory.data() + memory.size(), [](std::byte v) { return v == std::byte{0xa5}; });
  };
  const std::string where = std::to_string(n) + " elements at offset " + std::to_string(offset);
  pl::detail::run_streaming(
      &b, n, {}, pl::detail::free_running, out, [](index_t i) { return make<T>(i + 5); }, pl::detail::own_index());
  if (!same(expected)) return "generated: " + where;
  pl::detail::run_streaming(&b, n, {}, pl::detail::free_running, out, pl::detail::same_value(),
                            static_cast<const T*>(in.data()));
  if (!same(in)) return "copied: " + where;
  pl::detail::run_streaming(
      &b, n, {}, pl::detail::free_running, out,
      [](const T& left, const T& right) { return left == right ? T{} : left; }, static_cast<const T*>(in.data()),
      static_cast<const T*>(in.data()));
  std::fill(expected.begin(), expected.end(), T{});
  if (!same(expected)) return "two inputs: " + where;
  return "";
}

}  // namespace

TEMPLATE_TEST_CASE("transform, generate, fill and copy do what a plain loop does", "", float, double, int, std::uint8_t,
                   std::complex<double>) {
  const test::watchdog guard(120, "element-wise");
  test::on_every_backend([](pl::backend& b) {
    for (const index_t n : sizes) {
      const auto size = static_cast<std::size_t>(n);
      std::vector<TestType> x(size), y(size), out(size), expected(size);
      for (std::size_t i = 0; i < size; ++i) x[i] = number<TestType>(i % 100), y[i] = number<TestType>(i % 7);
      const auto one = [](TestType v) { return v / static_cast<TestType>(2); };
      const auto two = [](TestType v, TestType w) { return static_cast<TestType>(2) * v - w; };
      const auto three = [](TestType u, TestType v, TestType w) { return u + v * w; };

      std::transform(x.begin(), x.end(), expected.begin(), [&](TestType v) { return static_cast<TestType>(one(v)); });
      pl::transform(b, x, out, one);
      CHECK(out == expected);
      out = x;
      pl::transform(b, out, out, one);
      CHECK(out == expected);

      for (std::size_t i = 0; i < size; ++i) expected[i] = static_cast<TestType>(two(x[i], y[i]));
      pl::transform(b, x, y, out, two);
      CHECK(out == expected);
      out = y;
      pl::transform(b, std::span(x), out, std::span(out), two);
      CHECK(out == expected);

      for (std::size_t i = 0; i < size; ++i) expected[i] = static_cast<TestType>(three(x[i], y[i], x[i]));
      pl::transform(b, x, y, x, out, three);
      CHECK(out == expected);
      pl::copy(b, x, out);
      CHECK(out == x);
      pl::fill(b, out, static_cast<TestType>(2));
      CHECK(std::count(out.begin(), out.end(), static_cast<TestType>(2)) == n);
      pl::generate(b, out, [](index_t i) { return number<TestType>(static_cast<std::size_t>(i % 50)); });
      for (std::size_t i = 0; i < size; ++i) expected[i] = number<TestType>(i % 50);
      CHECK(out == expected);
    }
  });
}

TEMPLATE_TEST_CASE("streamed elements are the same at every alignment, and their surroundings stay", "", char,
                   std::uint16_t, float, double, rgb, record) {
  const test::watchdog guard(120, "streaming");
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  pl::serial alone;
  const index_t around = pl::detail::block_of<TestType>::count;
  const index_t group =
      pl::detail::stripes * pl::detail::stripe_bytes / static_cast<index_t>(sizeof(TestType)) + 3 * around;
  for (index_t offset = 0; offset < 64; offset += static_cast<index_t>(alignof(TestType))) {
    for (const index_t n : {index_t{0}, index_t{1}, index_t{5}, around - 1, around, 3 * around + 1}) {
      CHECK(streams<TestType>(alone, n, offset) == "");
      CHECK(streams<TestType>(cheap, n, offset) == "");
    }
  }
  for (const index_t offset : {0, 8, 24}) {
    for (const index_t n : {group, 4 * group + 7}) {
      CHECK(streams<TestType>(alone, n, offset) == "");
      CHECK(streams<TestType>(cheap, n, offset) == "");
    }
  }
}

TEST_CASE("an output that is larger than its share of the last-level cache") {
  const test::watchdog guard(120, "large");
  const index_t n = pl::detail::cache_share_bytes() / 4 + 1001;
  REQUIRE(n > 1001);
  std::vector<float> x(static_cast<std::size_t>(n)), y(static_cast<std::size_t>(n), -1.0F);
  CHECK(pl::detail::pays_to_stream(y.data(), n, x.data()) == true);
  CHECK(pl::detail::pays_to_stream(y.data(), n, y.data()) == false);
  CHECK(pl::detail::pays_to_stream(y.data(), n / 2, x.data()) == false);
  pl::generate(x, [](index_t i) { return static_cast<float>(i % 1021); });
  pl::transform(std::span(x).subspan(1), std::span(y).subspan(1), [](float v) { return v + 2; });
  CHECK(y[0] == -1.0F);
  index_t wrong = 0;
  for (index_t i = 1; i < n; ++i) wrong += y[static_cast<std::size_t>(i)] != static_cast<float>(i % 1021) + 2 ? 1 : 0;
  CHECK(wrong == 0);
  pl::copy(x, y);
  CHECK(x == y);
  pl::fill(y, 4);
  CHECK(static_cast<index_t>(std::count(y.begin(), y.end(), 4.0F)) == n);
}

TEST_CASE("only what can be stored as bytes is streamed") {
  using pl::detail::streamable;
  if constexpr (pl::detail::has_streaming_stores) {
    STATIC_REQUIRE(streamable<double*, float>);
    STATIC_REQUIRE(streamable<rgb*, const rgb&>);
    STATIC_REQUIRE(streamable<std::complex<double>*, std::complex<double>>);
  }
  STATIC_REQUIRE_FALSE(streamable<std::string*, std::string>);
  STATIC_REQUIRE_FALSE(streamable<keeps_its_tag*, float>);
  STATIC_REQUIRE_FALSE(streamable<volatile int*, int>);
  STATIC_REQUIRE_FALSE(streamable<pl::detail::scattered<std::deque<int>::iterator>, int>);
  CHECK(pl::detail::cache_share_bytes() > 0);
  std::vector<keeps_its_tag> tagged(100);
  pl::generate(tagged, [](index_t i) { return static_cast<float>(i); });
  CHECK(std::all_of(tagged.begin(), tagged.end(), [](const keeps_its_tag& t) { return t.tag == 7; }));
}

TEST_CASE("containers in pieces, strings, arrays, conversions") {
  test::on_every_backend([](pl::backend& b) {
    std::deque<int> numbers(5000);
    pl::generate(b, numbers, [](index_t i) { return i; });
    CHECK(numbers[4999] == 4999);
    std::vector<std::string> words(5000);
    pl::transform(b, numbers, words, [](int v) { return std::to_string(v); });
    CHECK(words[1234] == "1234");
    std::deque<std::string> other(5000);
    pl::copy(b, words, other);
    CHECK(std::equal(words.begin(), words.end(), other.begin()));
    pl::fill(b, words, "same");
    CHECK(std::count(words.begin(), words.end(), "same") == 5000);
    words[7] = "seven";
    pl::fill(b, words, words[7]);
    CHECK(std::count(words.begin(), words.end(), "seven") == 5000);
    pl::transform(b, words, numbers, words, [](const std::string& w, int v) { return w + std::to_string(v); });
    CHECK(words[42] == "seven42");
    double plain[10] = {};
    pl::fill(b, plain, 3);
    CHECK(std::count(std::begin(plain), std::end(plain), 3.0) == 10);
    std::array<std::uint8_t, 10> bytes{};
    pl::copy(b, plain, bytes);
    CHECK(std::count(bytes.begin(), bytes.end(), 3) == 10);
    const std::vector<bool> flags{true, false, true};
    std::vector<int> ints(3);
    pl::copy(b, flags, ints);
    CHECK(ints == std::vector<int>{1, 0, 1});
  });
}

TEST_CASE("sizes that differ are refused, with the numbers") {
  const std::vector<double> three(3), four(4);
  std::vector<double> out(4, 1.0);
  const auto add = [](double a, double b) { return a + b; };
  CHECK_THROWS_AS(pl::transform(three, out, [](double v) { return v; }), std::invalid_argument);
  CHECK_THROWS_WITH(pl::transform(four, three, out, add),
                    "parloop::transform: input 2 has 3 elements, but the output has 4");
  CHECK_THROWS_WITH(pl::copy(three, out), "parloop::copy: input 1 has 3 elements, but the output has 4");
  CHECK(out == std::vector<double>(4, 1.0));
}

TEST_CASE("the output may be an input, or touch it, but not overlap it") {
  std::vector<int> v(100);
  std::iota(v.begin(), v.end(), 0);
  const std::span<int> all(v);
  const auto next = [](int i) { return i + 1; };
  const std::string text = "parloop::transform: the output overlaps input 1 without being the same array";
  CHECK_THROWS_WITH(pl::transform(all.first(99), all.last(99), next), text);
  CHECK_THROWS_WITH(pl::transform(all.last(99), all.first(99), next), text);
  CHECK_THROWS_WITH(pl::copy(all.first(51), all.last(51)),
                    "parloop::copy: the output overlaps input 1 without being the same array");
  const std::span<const short> halves(reinterpret_cast<const short*>(v.data()), 100);  // of half the output's places
  CHECK_THROWS_AS(pl::transform(halves, v, [](short i) { return i; }), std::invalid_argument);
  CHECK(v[99] == 99);
  pl::copy(all.first(50), all.last(50));
  CHECK(v[99] == 49);
  pl::transform(v, v, next);
  CHECK(v[99] == 50);
  const std::span<int> none;
  pl::transform(none, none, next);
  pl::transform(all.first(0), all.first(0), next);
}

TEST_CASE("what a function throws arrives, and nothing outside is touched") {
  const test::watchdog guard(60, "throwing functions");
  test::on_every_backend([](pl::backend& b) {
    for (const index_t n : {1, 50, 20'000}) {
      for (const index_t bad : {index_t{0}, n / 2, n - 1}) {
        std::vector<double> out(static_cast<std::size_t>(n) + 2, -1.0);
        const std::span<double> middle = std::span(out).subspan(1, static_cast<std::size_t>(n));
        const auto throws = [bad](index_t i) {
          if (i == bad) throw std::range_error("bad element");
          return 1.0;
        };
        CHECK_THROWS_AS(pl::generate(b, middle, throws), std::range_error);
        CHECK_THROWS_AS(pl::detail::run_streaming(&b, n, {}, pl::detail::free_running, middle.data(), throws,
                                                  pl::detail::own_index()),
                        std::range_error);
        CHECK(out.front() == -1.0);
        CHECK(out.back() == -1.0);
        CHECK(std::all_of(middle.begin(), middle.end(), [](double v) { return v == -1.0 || v == 1.0; }));
        pl::fill(b, middle, 2.0);
        CHECK(std::count(out.begin(), out.end(), 2.0) == n);
      }
    }
  });
}
