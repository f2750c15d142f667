// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Arrays that are made in parallel: their elements, their memory, what happens when there is none.
#include <algorithm>
#include <complex>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <limits>
#include <new>
#include <parloop/algorithm/make_array.hpp>
#include <parloop/algorithm/parallel_for.hpp>
#include <parloop/algorithm/transform.hpp>
#include <ranges>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

#include "../catch.hpp"
#include "../every_backend.hpp"
#include "../support.hpp"

namespace pl = parloop;
using pl::index_t;

namespace {

/// Some that the C library gives memory for, and two that are mapped: whole huge pages, and an end within a page.
template <class T>
std::vector<index_t> sizes() {
  constexpr auto mapped = static_cast<index_t>(pl::detail::mapped_from_bytes / sizeof(T));
  return {0, 1, 2, 1'003, 100'003, mapped, mapped + 5'001};
}

template <class T, class Expected>
bool holds(const pl::large_array<T>& array, index_t n, const Expected& expected) {
  if (array.size() != static_cast<std::size_t>(n)) return false;
  index_t i = 0;
  return std::all_of(array.begin(), array.end(), [&](const T& value) { return value == expected(i++); });
}

enum class colour { red, green };
struct point {
  float x, y;
  friend bool operator==(const point&, const point&) = default;
};
using member = float point::*;  // whose null has all its bits set

template <class T>
using array_of = pl::large_array<T>;
static_assert(std::ranges::contiguous_range<array_of<int>> && std::ranges::sized_range<const array_of<int>>);
static_assert(std::is_convertible_v<array_of<int>&, std::span<int>>);
static_assert(std::is_convertible_v<const array_of<int>&, std::span<const int>>);
static_assert(!std::is_convertible_v<const array_of<int>&, std::span<int>>);
static_assert(!std::is_copy_constructible_v<array_of<int>> && !std::is_copy_assignable_v<array_of<int>>);
static_assert(std::is_nothrow_move_constructible_v<array_of<int>> && std::is_nothrow_move_assignable_v<array_of<int>>);

}  // namespace

TEST_CASE("zeros, copies of a value and values of a function, on every backend") {
  const test::watchdog guard(120, "elements");
  test::on_every_backend([](pl::backend& b) {
    for (const index_t n : sizes<double>()) {
      CAPTURE(n);
      CHECK(holds(pl::make_array<double>(b, n), n, [](index_t) { return 0.0; }));
      CHECK(holds(pl::make_array<double>(b, n, 1.5), n, [](index_t) { return 1.5; }));
      const auto third = [](index_t i) { return static_cast<double>(i) / 3; };
      CHECK(holds(pl::make_array<double>(b, n, third), n, third));
    }
  });
}

TEMPLATE_TEST_CASE("elements of many types begin as T()", "", char, bool, float, std::int64_t, colour, point, member,
                   const char*, std::complex<double>) {
  for (const index_t n : sizes<TestType>()) {
    CAPTURE(n);
    const auto array = pl::make_array<TestType>(n);
    CHECK(holds(array, n, [](index_t) { return TestType(); }));
    CHECK(reinterpret_cast<std::uintptr_t>(array.data()) % 64 == 0);
  }
}

TEST_CASE("values convert, sizes are of any integer type, elements may ask for any alignment") {
  const auto flags = pl::make_array<bool>(std::size_t{100}, [](index_t i) { return i % 2 == 1; });
  CHECK((flags[1] && flags[std::size_t{99}] && !flags[2]));
  CHECK(pl::make_array<float>(3U, 2)[2] == 2.0F);
  CHECK(pl::make_array<std::uint8_t>(300, [](index_t i) { return i; })[299] == 43);
  struct alignas(512) wide {
    double values[64];
  };
  const auto aligned = pl::make_array<wide>(5, wide{{1, 2}});
  CHECK(reinterpret_cast<std::uintptr_t>(aligned.data()) % 512 == 0);
  CHECK(aligned[4].values[1] == 2);
}

TEST_CASE("an array is a range that the library's verbs take") {
  auto x = pl::make_array<double>(1'000, [](index_t i) { return static_cast<double>(i); });
  auto y = pl::make_array<double>(x.size());
  pl::transform(x, y, [](double v) { return v + 2; });
  pl::parallel_for(y, [](double& v) { v *= 2; });
  CHECK(y[index_t{999}] == 2 * 1'001);
  const std::span<const double> part = std::span(y).last(3);
  CHECK(part[0] == 2 * 999);
}

TEST_CASE("arrays move, and what they had goes") {
  for (const index_t n : {index_t{10}, sizes<int>().back()}) {
    auto a = pl::make_array<int>(n, 1);
    const int* const place = a.data();
    auto b = std::move(a);
    CHECK(b.data() == place);
    CHECK((a.empty() && a.begin() == a.end()));  // NOLINT: what a moved-from array is, is documented
    b = pl::make_array<int>(n + 1, 2);
    CHECK((b.size() == static_cast<std::size_t>(n) + 1 && b[n] == 2));
    auto& same = b;
    b = std::move(same);
    CHECK((b.size() == static_cast<std::size_t>(n) + 1 && b[n] == 2));
    a = std::move(b);
    CHECK((a[n] == 2 && b.empty()));  // NOLINT: as above
  }
  CHECK(pl::large_array<int>().empty());
}

TEST_CASE("sizes that cannot be") {
  CHECK_THROWS_AS(pl::make_array<int>(-1), std::invalid_argument);
  CHECK_THROWS_AS(pl::make_array<int>(std::numeric_limits<index_t>::min(), 5), std::invalid_argument);
  CHECK_THROWS_AS(pl::make_array<double>(std::numeric_limits<index_t>::max()), std::length_error);
  CHECK_THROWS_AS(pl::make_array<char>(std::numeric_limits<std::uint64_t>::max(), 'x'), std::length_error);
#if defined(__linux__)
  CHECK_THROWS_AS(pl::make_array<char>(index_t{1} << 61), std::bad_alloc);
#endif
}

TEST_CASE("what the function throws arrives, and the memory is given back") {
  const test::watchdog guard(60, "throwing functions");
  const auto virtual_kib = [] { return std::stol(test::status_of(::getpid(), "VmSize")); };
  test::on_every_backend([&](pl::backend& b) {
    const index_t n = sizes<double>().back();
    const auto throws = [n](index_t i) { return i == n / 2 ? throw std::range_error("halfway") : 1.0; };
    CHECK_THROWS_AS((void)pl::make_array<double>(b, 1'000, [](index_t) -> double { throw std::range_error("first"); }),
                    std::range_error);
    CHECK_THROWS_WITH((void)pl::make_array<double>(b, n, throws), "halfway");
    const long before = virtual_kib();
    for (int round = 0; round < test::rounds(20); ++round) {
      CHECK_THROWS_WITH((void)pl::make_array<double>(b, n, throws), "halfway");
      CHECK(pl::make_array<double>(b, n)[n - 1] == 0);
    }
    // 20 arrays of 32 MiB would be more; three threads' heaps, which malloc reserves at any time, are less. The
    // sanitizers have their own ideas, and too few rounds.
    if (!test::under_sanitizer) CHECK(virtual_kib() - before < 500 * 1024);
  });
}

#if defined(__linux__)

TEST_CASE("every page of a large array has been touched") {
  const auto pages_of = [](const pl::large_array<double>& array) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t bytes = array.size() * sizeof(double);
    std::vector<unsigned char> resident((bytes + page - 1) / page);
    auto* const first = const_cast<double*>(array.data());  // NOLINT: for a C function, which reads nothing
    REQUIRE(::mincore(first, bytes, resident.data()) == 0);
    return std::count_if(resident.begin(), resident.end(), [](unsigned char r) { return (r & 1) == 0; });
  };
  const index_t n = sizes<double>().back();
  CHECK(pages_of(pl::large_array<double>(pl::detail::memory_for<double>(n))) > 0);  // what it finds when they are not
  test::on_every_backend([&](pl::backend& b) { CHECK(pages_of(pl::make_array<double>(b, n)) == 0); });
}

TEST_CASE("a large array asks for huge pages") {
  if (!std::ifstream("/sys/kernel/mm/transparent_hugepage/enabled")) {
    WARN("skipped: this system has no transparent huge pages");
    return;
  }
  const auto array = pl::make_array<double>(sizes<double>().back());
  CHECK(reinterpret_cast<std::uintptr_t>(array.data()) % pl::detail::huge_page_bytes == 0);
  std::ifstream maps("/proc/self/smaps");
  std::string line;
  bool inside = false;
  std::string flags;
  while (std::getline(maps, line)) {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    if (std::sscanf(line.c_str(), "%zx-%zx ", &begin, &end) == 2) {
      const auto at = reinterpret_cast<std::uintptr_t>(array.data());
      inside = begin <= at && at < end;
    } else if (inside && line.starts_with("VmFlags:")) {
      flags = line + " ";
    }
  }
  CAPTURE(flags);
  CHECK(flags.find(" hg ") != std::string::npos);
}

#endif
