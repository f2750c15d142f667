// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Reductions and sums: against serial oracles, the same bits everywhere, order, types,
/// exceptions.
#include <array>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <new>
#include <numeric>
#include <parloop/algorithm/parallel_reduce.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../conformance.hpp"
#include "../counting_new.hpp"
#include "../every_backend.hpp"
#include "../support.hpp"

namespace pl = parloop;
using pl::index_t;

namespace {

constexpr index_t sizes[] = {0, 1, 2, 63, 64, 65, 511, 512, 513, 4'096, 4'097, 100'003, 1'000'000};
constexpr int widths[] = {1, 2, 3, 8, 16};

std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

/// The digits of a number in order: appending is associative, and nothing but.
struct append {
  std::string operator()(std::string left, const std::string& right) const { return std::move(left) + right; }
};

/// x -> a x + b modulo 2^64; composing these is associative but not commutative.
struct affine {
  std::uint64_t a = 1;
  std::uint64_t b = 0;
  friend bool operator==(const affine&, const affine&) = default;
};
affine then(const affine& first, const affine& second) { return {first.a * second.a, first.b * second.a + second.b}; }
affine affine_of(index_t i) {
  const auto u = static_cast<std::uint64_t>(i);
  return {2 * u + 3, u * u + 1};
}

}  // namespace

TEST_CASE("integer sums and reductions are those of a plain loop, on every backend at every width") {
  const test::watchdog guard(120, "integer sums");
  test::on_every_backend({1, 2, 3, 8, 16}, [](pl::backend& b, const std::string& text) {
    for (const index_t n : sizes) {
      if (test::under_sanitizer && n > 100'003) continue;
      CAPTURE(text, n);
      std::int64_t expected = 0;
      affine composed;
      for (index_t i = 0; i < n; ++i) {
        expected += i * 7 % 1'001 - 500;
        composed = then(composed, affine_of(i));
      }
      const auto body = [](index_t i) { return i * 7 % 1'001 - 500; };
      const auto sum = pl::parallel_sum(b, pl::prange(n), body);
      const auto reduced = pl::parallel_reduce(b, pl::prange(n), std::int64_t{0}, std::plus<>(), body);
      const affine in_order = pl::parallel_reduce(b, pl::prange(n), affine(), then, affine_of);
      const bool good = sum == expected && reduced == expected && in_order == composed;
      CHECK(good);
    }
  });
}

TEST_CASE("integers wider than 64 bits are added up in their own width, with and without -std=gnu++20") {
#ifdef __SIZEOF_INT128__
  __extension__ using wide = __int128;
  __extension__ using unsigned_wide = unsigned __int128;
  constexpr int high = 70;
  const auto sum = pl::parallel_sum(pl::prange(4), [](pl::index_t i) { return (wide{1} << high) - i; });
  STATIC_REQUIRE(sizeof sum == sizeof(wide));
  CHECK((sum == (wide{4} << high) - 6));
  const auto all = pl::parallel_sum(pl::grid(2, 2), [](pl::index_t, pl::index_t) { return unsigned_wide{1} << high; });
  CHECK((all >> high == 4));
#endif
}

TEST_CASE("floating-point sums have the same bits on every backend at every width") {
  const test::watchdog guard(120, "the same bits");
  struct result {
    std::vector<std::uint64_t> bits;
    std::vector<double> values;
    void add(double x) {
      bits.push_back(::bits(x));
      values.push_back(x);
    }
  };
  const auto all = [](pl::backend& b) {
    result r;
    for (const index_t n : sizes) {
      if (test::under_sanitizer && n > 100'003) continue;
      r.add(pl::parallel_sum(b, pl::prange(n), test::mixed));
      r.add(static_cast<double>(
          pl::parallel_sum(b, pl::prange(n), [](index_t i) { return static_cast<float>(test::mixed(i)); })));
      r.add(pl::parallel_reduce(b, pl::prange(n), 0.0, std::plus<>(), test::mixed));
      if (n > 100'003) continue;  // takes long enough
      r.add(pl::parallel_sum(b, pl::prange(-n, 2 * n, 3), test::mixed));
      r.add(pl::parallel_sum(b, pl::prange(5 * n, 0, -5), test::mixed));
    }
    for (const index_t ny : {1, 3, 16, 129}) {
      for (const index_t nx : {1, 2, 7, 65, 511}) {
        r.add(pl::parallel_sum(b, pl::grid(ny, nx), [](index_t y, index_t x) { return test::mixed(1'000 * y + x); }));
        r.add(pl::parallel_sum(b, pl::grid(pl::prange(ny, 0, -1), pl::prange(0, 2 * nx, 2)),
                               [](index_t y, index_t x) { return test::mixed(1'000 * y + x); }));
        r.add(pl::parallel_sum(b, pl::grid(3, ny, nx), [](index_t z, index_t y, index_t x) {
          return test::mixed(100'000 * z + 1'000 * y + x);
        }));
        r.add(pl::parallel_reduce(b, pl::grid(ny, 2, nx), 0.0, std::plus<>(), [](index_t z, index_t y, index_t x) {
          return test::mixed(100'000 * z + 1'000 * y + x);
        }));
      }
    }
    return r;
  };
  pl::serial alone;
  const result expected = all(alone);
  test::on_every_backend({1, 2, 3, 8, 16}, [&](pl::backend& b, const std::string& text) {
    CAPTURE(text);
    for (int round = 0; round < 2; ++round) CHECK(all(b).bits == expected.bits);  // the second time it knows the times
  });
}

TEST_CASE("the options do not change the bits") {
  const test::watchdog guard(60, "options");
  pl::thread_pool pool({8});
  conformance::eager cheap(pool);
  pl::serial alone;
  for (const index_t n : {2, 65, 513, 4'097, 100'003}) {
    const std::uint64_t expected = bits(pl::parallel_sum(alone, pl::prange(n), test::mixed));
    for (const index_t grain : {0, 1, 2, 3, 63, 64, 1'000, 99'999, 1'000'000}) {
      for (const int threads : {0, 1, 2, 3, 8, 100}) {
        CAPTURE(n, grain, threads);
        CHECK(bits(pl::parallel_sum(cheap, pl::prange(n).grain(grain).threads(threads), test::mixed)) == expected);
      }
    }
  }
}

TEST_CASE("the error of a floating-point sum is small") {
  pl::thread_pool pool({4});
  for (const index_t n : sizes) {
    long double exact = 0;
    long double magnitude = 0;
    for (index_t i = 0; i < n; ++i) {
      exact += static_cast<long double>(test::mixed(i));
      magnitude += static_cast<long double>(std::abs(test::mixed(i)));
    }
    const double sum = pl::parallel_sum(pool, pl::prange(n), test::mixed);
    // At most 245 additions in a row in a block's lane (a million in 489 blocks, 8 lanes), 3 between lanes, 9 between
    // blocks.
    const long double limit = 260 * 0x1p-53L * magnitude;
    CAPTURE(n);
    CHECK(std::abs(static_cast<long double>(sum) - exact) <= limit);
  }
  // A plain loop of this loses 1e-10 and more; pairwise it is exact to some units in the last place.
  const double tenth = pl::parallel_sum(pool, pl::prange(1'000'000), [](index_t) { return 0.1; });
  CHECK(std::abs(tenth - 1e5) < 2e-9);
}

TEST_CASE("steps, grids and their limits reach the body") {
  const test::watchdog guard(60, "indices");
  test::on_every_backend({1, 2, 3, 8, 16}, [](pl::backend& b, const std::string& text) {
    CAPTURE(text);
    CHECK(pl::parallel_sum(b, pl::prange(10, 20), [](index_t i) { return i; }) == 145);
    CHECK(pl::parallel_sum(b, pl::prange(10, 5'010, 5), [](index_t i) { return i; }) == 1'000 * 10 + 5 * 499'500);
    CHECK(pl::parallel_sum(b, pl::prange(5'000, 0, -1), [](index_t i) { return i; }) == 12'502'500);
    CHECK(pl::parallel_sum(b, pl::prange(100, -101, -4), [](index_t i) { return i; }) == 0);
    CHECK(pl::parallel_sum(b, pl::grid(70, 90), [](index_t y, index_t x) { return 90 * y + x; }) ==
          index_t{6'300} * 6'299 / 2);
    CHECK(pl::parallel_sum(b, pl::grid(7, 11, 90), [](index_t z, index_t y, index_t x) {
            return (11 * z + y) * 90 + x;
          }) == index_t{6'930} * 6'929 / 2);
    const auto cells = pl::grid(pl::prange(3, 0, -1), pl::prange(-20, 20, 2), pl::prange(5, 16));
    const affine composed = pl::parallel_reduce(
        b, cells, affine(), then, [](index_t z, index_t y, index_t x) { return affine_of(10'000 * z + 100 * y + x); });
    affine expected;
    for (index_t z = 3; z > 0; --z) {
      for (index_t y = -20; y < 20; y += 2) {
        for (index_t x = 5; x < 16; ++x) expected = then(expected, affine_of(10'000 * z + 100 * y + x));
      }
    }
    CHECK(composed == expected);
  });
}

TEST_CASE("combine need not be commutative: the order is kept") {
  const test::watchdog guard(60, "strings");
  for (const index_t n : {0, 1, 2, 63, 64, 65, 511, 512, 513, 4'097}) {
    std::string expected;
    std::string backwards;
    for (index_t i = 0; i < n; ++i) expected += std::to_string(i) + ",";
    for (index_t i = n; i > 0; --i) backwards += std::to_string(i) + ",";
    const auto digits = [](index_t i) { return std::to_string(i) + ","; };
    test::on_every_backend({1, 2, 3, 8, 16}, [&](pl::backend& b, const std::string& text) {
      CAPTURE(text, n);
      CHECK((pl::parallel_reduce(b, pl::prange(n), std::string(), append(), digits) == expected));
      CHECK((pl::parallel_reduce(b, pl::prange(n, 0, -1).grain(3), std::string(), append(), digits) == backwards));
      CHECK((pl::parallel_sum(b, pl::prange(n), digits) == expected));
    });
  }
}

namespace {

/// Counts the objects that live; cannot be made from nothing; `Bytes` of it. Throws when told to.
template <std::size_t Bytes>
struct counted {
  explicit counted(std::int64_t v) : value(v) { born(); }
  counted(const counted& other) : value(other.value) {
    ++copies;
    if (copies_until_throw > 0 && copies_until_throw.fetch_sub(1) == 1) throw std::length_error("copy");
    born();
  }
  counted(counted&& other) noexcept : value(std::exchange(other.value, -1'000'000)) { born(); }
  counted& operator=(const counted&) = default;
  counted& operator=(counted&& other) noexcept {
    value = std::exchange(other.value, -1'000'000);
    return *this;
  }
  ~counted() { --alive; }

  std::int64_t value;
  unsigned char rest[Bytes - sizeof(std::int64_t)] = {};

  static inline std::atomic<std::int64_t> alive{0};
  static inline std::atomic<std::int64_t> copies{0};
  static inline std::atomic<std::int64_t> copies_until_throw{0};

 private:
  static void born() { ++alive; }
};

template <class T>
struct add_values {
  T operator()(T left, const T& right) const {
    left.value += right.value;
    return left;
  }
};

using small = counted<16>;
using just_small = counted<32>;
using large = counted<40>;
using huge = counted<1'000>;

struct alignas(128) overaligned {
  std::int64_t value;
};

}  // namespace

TEMPLATE_TEST_CASE("values without a default constructor, of any size, are each destroyed once", "", small, just_small,
                   large, huge) {
  const test::watchdog guard(60, "values");
  using T = TestType;
  const auto body = [](index_t i) { return T(i); };
  test::on_every_backend({1, 2, 3, 8, 16}, [&](pl::backend& b, const std::string& text) {
    CAPTURE(text);
    for (const index_t n : {0, 1, 2, 64, 65, 513, 4'097}) {
      const T identity(0);
      T::copies = 0;
      const T sum = pl::parallel_reduce(b, pl::prange(n), identity, add_values<T>(), body);
      CHECK(sum.value == n * (n - 1) / 2);
      // The identity is copied for the results of the blocks and once in each block: no other value is.
      CHECK(T::copies <= (n == 0 ? 1 : 2 * std::min<index_t>(n, 512)));
      CHECK(T::alive == 2);
    }
  });
  CHECK(T::alive == 0);
}

TEMPLATE_TEST_CASE("exceptions of the body, of combine and of copying arrive and leak nothing", "", small, large) {
  const test::watchdog guard(60, "exceptions");
  using T = TestType;
  test::on_every_backend({1, 2, 3, 8, 16}, [](pl::backend& b, const std::string& text) {
    CAPTURE(text);
    for (const index_t n : {1, 2, 65, 513, 4'097}) {
      for (const index_t at : {index_t{0}, n / 2, n - 1}) {
        const T identity(0);
        CHECK_THROWS_AS((void)pl::parallel_reduce(b, pl::prange(n).grain(1), identity, add_values<T>(),
                                                  [at](index_t i) {
                                                    if (i == at) throw std::out_of_range("body");
                                                    return T(i);
                                                  }),
                        std::out_of_range);
        CHECK(T::alive == 1);
        CHECK_THROWS_AS((void)pl::parallel_reduce(
                            b, pl::prange(n).grain(1), identity,
                            [at](T left, const T& right) {
                              if (right.value == at) throw std::domain_error("combine");
                              left.value = std::max(left.value, right.value);
                              return left;
                            },
                            [](index_t i) { return T(i); }),
                        std::domain_error);
        CHECK(T::alive == 1);
      }
      // One that only combines results of blocks.
      if (n > 1) {
        std::atomic<index_t> calls{0};
        CHECK_THROWS_AS((void)pl::parallel_reduce(
                            b, pl::prange(n), T(0),
                            [&calls, n](T left, const T& right) {
                              if (++calls > n) throw std::domain_error("combine");
                              left.value += right.value;
                              return left;
                            },
                            [](index_t i) { return T(i); }),
                        std::domain_error);
        CHECK(T::alive == 0);
      }
      for (const int copy : {1, 2, 3}) {
        const T identity(0);
        T::copies_until_throw = std::min<index_t>(copy, n);
        CHECK_THROWS_AS(
            (void)pl::parallel_reduce(b, pl::prange(n), identity, add_values<T>(), [](index_t i) { return T(i); }),
            std::length_error);
        T::copies_until_throw = 0;
        CHECK(T::alive == 1);
      }
      CHECK(pl::parallel_sum(b, pl::prange(n), [](index_t i) { return i; }) == n * (n - 1) / 2);
    }
  });
  CHECK(T::alive == 0);
}

TEST_CASE("values that cannot be moved cheaply, containers and overaligned ones") {
  const test::watchdog guard(60, "types");
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  const auto all = pl::parallel_reduce(
      cheap, pl::prange(3'000), std::vector<index_t>(),
      [](std::vector<index_t> left, const std::vector<index_t>& right) {
        left.insert(left.end(), right.begin(), right.end());
        return left;
      },
      [](index_t i) { return std::vector<index_t>{i}; });
  std::vector<index_t> expected(3'000);
  std::iota(expected.begin(), expected.end(), 0);
  CHECK((all == expected));
  std::atomic<bool> aligned{true};
  const overaligned total = pl::parallel_reduce(
      cheap, pl::prange(1'000), overaligned{0},
      [&](const overaligned& left, const overaligned& right) {
        for (const overaligned* p : {&left, &right}) {
          if (reinterpret_cast<std::uintptr_t>(p) % alignof(overaligned) != 0) aligned = false;
        }
        return overaligned{left.value + right.value};
      },
      [](index_t i) { return overaligned{i}; });
  CHECK(total.value == 499'500);
  CHECK(aligned);
  const auto shared = pl::parallel_reduce(
      cheap, pl::prange(100), std::make_shared<index_t>(0),
      [](const std::shared_ptr<index_t>& left, const std::shared_ptr<index_t>& right) {
        return std::make_shared<index_t>(*left + *right);
      },
      [](index_t i) { return std::make_shared<index_t>(i); });
  CHECK(*shared == 4'950);
}

TEST_CASE("integers are added up in 64 bits of their signedness") {
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  const auto of = [&](auto body) { return pl::parallel_sum(cheap, pl::prange(100'000), body); };
  const auto truth = of([](index_t i) { return i % 3 == 0; });
  static_assert(std::is_same_v<decltype(truth), const std::int64_t>);
  CHECK(truth == 33'334);
  const auto bytes = of([](index_t) { return static_cast<std::int8_t>(-128); });
  static_assert(std::is_same_v<decltype(bytes), const std::int64_t>);
  CHECK(bytes == -12'800'000);
  const auto unsigned_bytes = of([](index_t) { return static_cast<std::uint8_t>(255); });
  static_assert(std::is_same_v<decltype(unsigned_bytes), const std::uint64_t>);
  CHECK(unsigned_bytes == 25'500'000);
  const auto shorts = of([](index_t) { return std::numeric_limits<short>::lowest(); });
  CHECK(shorts == -3'276'800'000);
  const auto ints = of([](index_t) { return std::numeric_limits<int>::max(); });
  static_assert(std::is_same_v<decltype(ints), const std::int64_t>);
  CHECK(ints == 214'748'364'700'000);
  const auto unsigned_ints = of([](index_t) { return std::numeric_limits<unsigned>::max(); });
  static_assert(std::is_same_v<decltype(unsigned_ints), const std::uint64_t>);
  CHECK(unsigned_ints == 429'496'729'500'000);
  const auto wrapped = of([](index_t i) { return static_cast<std::uint64_t>(i) << 45; });
  static_assert(std::is_same_v<decltype(wrapped), const std::uint64_t>);
  CHECK(wrapped == std::uint64_t{4'999'950'000} << 45);  // modulo 2^64
  const auto ones = of([](index_t) { return ~std::uint64_t{0}; });
  CHECK(ones == 0 - std::uint64_t{100'000});
  const auto floats = of([](index_t) { return 0.5F; });
  static_assert(std::is_same_v<decltype(floats), const float>);
  CHECK(floats == 50'000.0F);
  const auto long_doubles = of([](index_t) { return 0.5L; });
  static_assert(std::is_same_v<decltype(long_doubles), const long double>);
  CHECK(long_doubles == 50'000.0L);
  const std::vector<int> from(100'000, 7);
  const auto by_reference = of([&](index_t i) -> const int& { return from[static_cast<std::size_t>(i)]; });
  static_assert(std::is_same_v<decltype(by_reference), const std::int64_t>);
  CHECK(by_reference == 700'000);
}

TEST_CASE("the identity's type is what a reduction computes in") {
  pl::thread_pool pool({4});
  const auto in_double = pl::parallel_reduce(pool, pl::prange(1'000), 0.0, std::plus<>(), [](index_t) { return 1; });
  static_assert(std::is_same_v<decltype(in_double), const double>);
  CHECK(in_double == 1'000.0);
  const auto any =
      pl::parallel_reduce(pool, pl::prange(1'000), false, std::logical_or<>(), [](index_t i) { return i == 777; });
  static_assert(std::is_same_v<decltype(any), const bool>);
  CHECK(any);
  const auto text = pl::parallel_reduce(pool, pl::prange(3), std::string(), append(), [](index_t) { return "ab"; });
  CHECK(text == "ababab");
}

TEST_CASE("an empty range gives the identity and calls nothing") {
  pl::thread_pool pool({4});
  const auto never = [](auto...) -> double { throw std::logic_error("called"); };
  const auto never_combine = [](double, double) -> double { throw std::logic_error("called"); };
  CHECK(pl::parallel_reduce(pool, pl::prange(0), 4.5, never_combine, never) == 4.5);
  CHECK(pl::parallel_reduce(pool, pl::prange(5, -5), 4.5, never_combine, never) == 4.5);
  CHECK(pl::parallel_reduce(pool, pl::grid(0, 5), 4.5, never_combine, never) == 4.5);
  CHECK(pl::parallel_reduce(pool, pl::grid(5, 5, 0), 4.5, never_combine, never) == 4.5);
  CHECK(pl::parallel_reduce(pl::prange(0), 4.5, never_combine, never) == 4.5);
  CHECK(bits(pl::parallel_sum(pool, pl::prange(0), never)) == 0);
  CHECK(pl::parallel_sum(pl::grid(0, 3), never) == 0.0);
  CHECK(pl::parallel_sum(pool, pl::prange(0), [](index_t) { return std::string("x"); }).empty());
  CHECK(pool.workers() == 0);
}

TEST_CASE("without a backend, the default one") {
  pl::serial alone;
  for (const index_t n : {1, 65, 4'097, 100'003}) {
    CHECK(bits(pl::parallel_sum(pl::prange(n), test::mixed)) ==
          bits(pl::parallel_sum(alone, pl::prange(n), test::mixed)));
    CHECK(bits(pl::parallel_reduce(pl::prange(n), 0.0, std::plus<>(), test::mixed)) ==
          bits(pl::parallel_reduce(alone, pl::prange(n), 0.0, std::plus<>(), test::mixed)));
  }
}

TEST_CASE("a body may be a function, a large object or one that must not be copied") {
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  CHECK((pl::parallel_reduce(cheap, pl::prange(2'000), affine(), then, affine_of) ==
         pl::parallel_reduce(cheap, pl::prange(2'000), affine(), &then, &affine_of)));
  CHECK(pl::parallel_sum(cheap, pl::prange(100), [p = std::make_unique<int>(2)](index_t) { return *p; }) == 200);
  std::array<int, 500> large_capture{};
  large_capture.fill(3);
  CHECK(pl::parallel_sum(cheap, pl::prange(500),
                         [large_capture](index_t i) { return large_capture[static_cast<std::size_t>(i)]; }) == 1'500);
}

TEST_CASE("reductions nest") {
  const test::watchdog guard(60, "nesting");
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  for (int round = 0; round < 20; ++round) {
    CHECK(pl::parallel_sum(cheap, pl::prange(100).grain(1), [&](index_t i) {
            return pl::parallel_sum(cheap, pl::prange(i), [](index_t j) { return j; });
          }) == 161'700);
  }
}

TEST_CASE("sums of doubles allocate nothing once the threads exist") {
  const test::watchdog guard(60, "allocations");
  if (!test::allocations_are_counted) TEST_SKIP("the sanitizer has its own operator new");
  std::vector<double> from(100'003);
  for (std::size_t i = 0; i < from.size(); ++i) from[i] = test::mixed(static_cast<index_t>(i));
  test::on_every_backend({1, 2, 3, 8, 16}, [&](pl::backend& b, const std::string& text) {
    if (text.find("release") != std::string::npos || b.name() == "workqueue") return;  // threads come and go
    CAPTURE(text);
    const auto rounds = [&](int count) {
      double total = 0;
      for (int round = 0; round < count; ++round) {
        for (const index_t n : {2, 64, 513, 100'003}) {
          total += pl::parallel_sum(b, pl::prange(n), [&](index_t i) { return from[static_cast<std::size_t>(i)]; });
          total += pl::parallel_reduce(b, pl::prange(n), 0.0, std::plus<>(),
                                       [&](index_t i) { return from[static_cast<std::size_t>(i)]; });
        }
      }
      return total;
    };
    CHECK(std::isfinite(rounds(5)));
    // A thread that starts late may allocate: the best of three tries counts.
    long least = std::numeric_limits<long>::max();
    for (int attempt = 0; attempt < 3 && least > 0; ++attempt) {
      const long before = test::allocations;
      const double total = rounds(5);
      least = std::min(least, test::allocations - before);
      CHECK(std::isfinite(total));
    }
    CHECK(least == 0);
  });
}

TEST_CASE("a reduction without an identity") {
  struct no_identity {
    explicit no_identity(index_t i) : first(i), last(i) {}
    index_t first, last;  // of a run of neighbours
  };
  test::on_every_backend([](parloop::backend& b) {
    for (const index_t n : {1, 2, 3, 63, 64, 65, 1000, 40'000}) {
      std::atomic<int> torn{0};
      const no_identity whole = parloop::parallel_reduce(
          b, parloop::prange(n),
          [&torn](no_identity left, no_identity right) {
            if (left.last + 1 != right.first) ++torn;  // in order, and each value once
            left.last = right.last;
            return left;
          },
          [](index_t i) { return no_identity(i); });
      CHECK((whole.first == 0 && whole.last == n - 1 && torn == 0));
    }
    CHECK(parloop::parallel_reduce(
              b, parloop::grid(3, 5), [](index_t x, index_t y) { return x > y ? x : y; },
              [](index_t y, index_t x) { return -10 * y - x; }) == 0);
    const auto maximum = [](double x, double y) { return x > y ? x : y; };
    CHECK_THROWS_AS(parloop::parallel_reduce(b, parloop::prange(0), maximum, [](index_t) { return 1.0; }),
                    std::invalid_argument);
  });
  const parloop::index_t product =
      parloop::parallel_reduce(parloop::prange(1, 11), std::multiplies<>(), [](index_t i) { return i; });
  CHECK(product == 3'628'800);
}

TEST_CASE("a reduction over chunks") {
  test::on_every_backend([](parloop::backend& b) {
    for (const index_t n : {0, 1, 2, 65, 1000, 40'000}) {
      const auto digits = [](index_t begin, index_t end, std::string init) {
        for (index_t i = begin; i < end; ++i) init += static_cast<char>('0' + i % 10);
        return init;
      };
      const std::string text = parloop::parallel_reduce_chunks(b, parloop::prange(n), std::string(), append(), digits);
      CHECK(text == digits(0, n, ""));
    }
  });
}

TEST_CASE("a reduction over chunks without an identity") {
  test::on_every_backend([](parloop::backend& b) {
    const auto digits = [](index_t begin, index_t end) {
      if (begin >= end) throw std::logic_error("an empty chunk");
      std::string text;
      for (index_t i = begin; i < end; ++i) text += static_cast<char>('0' + i % 10);
      return text;
    };
    for (const index_t n : {1, 2, 65, 1000, 40'000}) {
      const std::string text = parloop::parallel_reduce_chunks(b, parloop::prange(n), append(), digits);
      CHECK(text == digits(0, n));
    }
    CHECK_THROWS_AS(parloop::parallel_reduce_chunks(b, parloop::prange(0), append(), digits), std::invalid_argument);
  });
  const int largest = parloop::parallel_reduce_chunks(
      parloop::grid(20, 30), [](int x, int y) { return x > y ? x : y; },
      [](index_t, index_t end) { return static_cast<int>(end); });
  CHECK(largest == 600);
}

TEST_CASE("functors that change themselves are passed by reference") {
  struct counting {
    std::atomic<long> calls{0};
    long operator()(index_t i) {
      calls.fetch_add(1);
      return i;
    }
  } body;
  parloop::parallel_for(parloop::prange(1000), std::ref(body));
  CHECK(body.calls == 1000);
  CHECK(parloop::parallel_sum(parloop::prange(1000), std::ref(body)) == 499'500);
  CHECK(parloop::parallel_reduce(parloop::prange(1000), 0L, std::plus<>(), std::ref(body)) == 499'500);
  CHECK(parloop::parallel_reduce(parloop::prange(1000), std::plus<>(), std::ref(body)) == 499'500);
  CHECK(body.calls == 4000);
}
