// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// prange and grid against an oracle that computes in 128 bits.
#include <parloop/range.hpp>

#include <array>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "catch.hpp"

namespace pl = parloop;

namespace {

__extension__ using wide = __int128;

enum class outcome { fits, out_of_range, length_error };

struct expected_range {
  outcome what = outcome::fits;
  wide count = 0;
};

/// Python's range, by its definition: count = ceil((stop - start) / step) where positive.
expected_range oracle(wide start, wide stop, wide step) {
  constexpr wide lowest = std::numeric_limits<pl::index_t>::min();
  constexpr wide highest = std::numeric_limits<pl::index_t>::max();
  wide count = 0;
  if (step > 0 && start < stop) count = (stop - start - 1) / step + 1;
  if (step < 0 && start > stop) count = (start - stop - 1) / -step + 1;
  if (count == 0) return {};
  const wide last = start + (count - 1) * step;
  if (start < lowest || start > highest || last < lowest || last > highest) return {outcome::out_of_range, count};
  if (count > highest) return {outcome::length_error, count};
  return {outcome::fits, count};
}

/// Whether `made` holds exactly start, start + step, ...; looks at all of them if they are few, else at both ends.
template <class Range>
bool holds(const Range& made, wide start, wide step, wide count) {
  if (made.size() != count || made.extent(0) != count) return false;
  if (count == 0) return true;
  const pl::axis& a = made.along(0);
  const auto right = [&](wide position) { return a[static_cast<pl::index_t>(position)] == start + position * step; };
  if (count > 256) return right(0) && right(1) && right(count / 2) && right(count - 2) && right(count - 1);
  for (wide p = 0; p < count; ++p) {
    if (!right(p)) return false;
  }
  return true;
}

/// Empty when prange(start, stop, step) does what the oracle says.
template <class Start, class Stop, class Step>
std::string wrong(Start start, Stop stop, Step step) {
  const expected_range e = oracle(start, stop, step);
  outcome got = outcome::fits;
  bool good = true;
  try {
    good = holds(pl::prange(start, stop, step), start, step, e.count);
    if (step == 1) good = good && holds(pl::prange(start, stop), start, step, e.count);
    if (step == 1 && start == 0) good = good && holds(pl::prange(stop), start, step, e.count);
  } catch (const std::out_of_range&) {
    got = outcome::out_of_range;
  } catch (const std::length_error&) {
    got = outcome::length_error;
  }
  // A range that has both faults may report either.
  const bool right_error = got == e.what || (e.what == outcome::out_of_range && got == outcome::length_error &&
                                             e.count > std::numeric_limits<pl::index_t>::max());
  if (right_error && (got != outcome::fits || good)) return "";
  return "prange(" + std::to_string(start) + ", " + std::to_string(stop) + ", " + std::to_string(step) + ")";
}

template <class Start, class Stop, class Step>
std::string exhaustive_8_bit(std::initializer_list<int> steps) {
  for (int start = std::numeric_limits<Start>::min(); start <= std::numeric_limits<Start>::max(); ++start) {
    for (int stop = std::numeric_limits<Stop>::min(); stop <= std::numeric_limits<Stop>::max(); ++stop) {
      for (const int step : steps) {
        std::string w = wrong(static_cast<Start>(start), static_cast<Stop>(stop), static_cast<Step>(step));
        if (!w.empty()) return w;
      }
    }
  }
  return "";
}

/// Numbers within 2 of every power of two, of zero and of the type's limits.
template <class T>
std::vector<T> interesting() {
  std::vector<T> values;
  const auto add = [&values](wide centre) {
    for (wide v = centre - 2; v <= centre + 2; ++v) {
      if (v >= wide{std::numeric_limits<T>::min()} && v <= wide{std::numeric_limits<T>::max()}) {
        values.push_back(static_cast<T>(v));
      }
    }
  };
  add(0);
  add(std::numeric_limits<T>::min());
  add(std::numeric_limits<T>::max());
  for (int bit = 3; bit < std::numeric_limits<T>::digits; bit += 1) {
    add(wide{1} << bit);
    if (std::numeric_limits<T>::is_signed) add(-(wide{1} << bit));
  }
  return values;
}

/// Every pair of interesting bounds, with steps that are small, large, and the limits of their type.
template <class Start, class Stop, class Step>
std::string around_the_limits() {
  const std::vector<Step> steps = {Step(1), Step(2), Step(7), static_cast<Step>(-1), static_cast<Step>(-3),
                                   static_cast<Step>(Step(1) << (std::numeric_limits<Step>::digits - 1)),
                                   std::numeric_limits<Step>::max(), std::numeric_limits<Step>::min()};
  for (const Start start : interesting<Start>()) {
    for (const Stop stop : interesting<Stop>()) {
      for (const Step step : steps) {
        if (step == 0) continue;
        std::string w = wrong(start, stop, step);
        if (!w.empty()) return w;
      }
    }
  }
  return "";
}

}  // namespace

TEST_CASE("prange of 8-bit integers, exhaustively") {
  CHECK(exhaustive_8_bit<std::int8_t, std::int8_t, std::int8_t>({1, 2, 3, 7, 127, -1, -2, -3, -7, -127, -128}) == "");
  CHECK(exhaustive_8_bit<std::uint8_t, std::uint8_t, std::uint8_t>({1, 2, 3, 7, 127, 128, 255}) == "");
  CHECK(exhaustive_8_bit<std::uint8_t, std::uint8_t, std::int8_t>({1, 2, 3, 7, 127, -1, -2, -3, -128}) == "");
  CHECK(exhaustive_8_bit<std::int8_t, std::uint8_t, std::int8_t>({1, 3, 127, -1, -3, -128}) == "");
  CHECK(exhaustive_8_bit<std::uint8_t, std::int8_t, std::int8_t>({1, 3, 127, -1, -3, -128}) == "");
}

TEMPLATE_TEST_CASE("prange of wider integers round powers of two and limits", "", std::int16_t, std::uint16_t,
                   std::int32_t, std::uint32_t, std::int64_t, std::uint64_t) {
  CHECK(around_the_limits<TestType, TestType, TestType>() == "");
  CHECK(around_the_limits<TestType, TestType, std::int64_t>() == "");
  CHECK(around_the_limits<TestType, TestType, std::uint64_t>() == "");
}

TEST_CASE("prange of mixed types and signs") {
  CHECK(around_the_limits<std::int64_t, std::uint64_t, std::int64_t>() == "");
  CHECK(around_the_limits<std::uint64_t, std::int64_t, std::int64_t>() == "");
  CHECK(around_the_limits<std::int64_t, std::uint64_t, std::uint64_t>() == "");
  CHECK(around_the_limits<std::int8_t, std::uint64_t, std::int32_t>() == "");
  CHECK(around_the_limits<std::uint32_t, std::int64_t, std::int16_t>() == "");
  CHECK(pl::prange(-3, 4U).size() == 7);
}

TEST_CASE("prange accepts every integer type and makes index_t of it") {
  CHECK(pl::prange(static_cast<signed char>(5)).size() == 5);
  CHECK(pl::prange(static_cast<unsigned char>(5)).size() == 5);
  CHECK(pl::prange(short{5}).size() == 5);
  CHECK(pl::prange(5U).size() == 5);
  CHECK(pl::prange(5L).size() == 5);
  CHECK(pl::prange(5ULL).size() == 5);
  CHECK(pl::prange(-5).size() == 0);
  STATIC_REQUIRE(!pl::index_like<bool>);
  STATIC_REQUIRE(!pl::index_like<double>);
  STATIC_REQUIRE(pl::prange(3, 10, 3).along(0)[2] == 9);  // usable at compile time
}

TEST_CASE("prange refuses what it cannot represent") {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  constexpr auto lowest = std::numeric_limits<pl::index_t>::min();
  constexpr auto highest = std::numeric_limits<pl::index_t>::max();
  CHECK_THROWS_AS(pl::prange(0, 10, 0), std::invalid_argument);
  CHECK_THROWS_AS(pl::prange(0, 0, 0), std::invalid_argument);
  CHECK_THROWS_AS(pl::prange(most), std::length_error);
  CHECK_THROWS_AS(pl::prange(most - 1, most), std::out_of_range);
  CHECK_THROWS_AS(pl::prange(most, 0, -1), std::out_of_range);
  CHECK_THROWS_AS(pl::prange(lowest, highest), std::length_error);
  CHECK_THROWS_AS(pl::prange(highest, lowest, -1), std::length_error);
  CHECK_THROWS_AS(pl::prange(lowest, highest, 2), std::length_error);
  CHECK(pl::prange(lowest, highest - 1, 2).size() == highest);
  CHECK(pl::prange(lowest + 1, 0).size() == highest);
  CHECK(pl::prange(highest).size() == highest);
}

TEST_CASE("options ride on the range") {
  const auto r = pl::prange(10).grain(3).threads(4);
  CHECK(r.options().grain == 3);
  CHECK(r.options().threads == 4);
  CHECK(r.size() == 10);
  CHECK(pl::prange(10).options().grain == 0);
  CHECK(pl::prange(10).options().threads == 0);
  CHECK_THROWS_AS(pl::prange(10).grain(-1), std::invalid_argument);
  CHECK_THROWS_AS(pl::prange(10).threads(-1), std::invalid_argument);
}

TEST_CASE("grid is row-major and knows its extents") {
  const auto g2 = pl::grid(3, 5);
  CHECK(g2.size() == 15);
  CHECK(g2.extent(0) == 3);
  CHECK(g2.extent(1) == 5);
  const auto g3 = pl::grid(2, short{3}, 4ULL);
  CHECK(g3.size() == 24);
  CHECK(g3.extent(0) == 2);
  CHECK(g3.extent(2) == 4);
  const auto interior = pl::grid(pl::prange(1, 9), pl::prange(2, 7));
  CHECK(interior.size() == 40);
  CHECK(interior.along(1)[0] == 2);
  const auto strided = pl::grid(pl::prange(8, 0, -2), pl::prange(0, 10, 5));
  CHECK(strided.size() == 8);
  CHECK(strided.along(0)[3] == 2);
  CHECK(strided.along(1)[1] == 5);
}

TEST_CASE("grid is empty when an extent is, and refuses too many iterations") {
  constexpr auto highest = std::numeric_limits<pl::index_t>::max();
  CHECK(pl::grid(0, 5).size() == 0);
  CHECK(pl::grid(5, -1).size() == 0);
  CHECK(pl::grid(highest, highest, 0).size() == 0);
  CHECK(pl::grid(0, highest, highest).size() == 0);
  CHECK(pl::grid(highest, 1).size() == highest);
  CHECK(pl::grid(std::int64_t{1} << 31, std::int64_t{1} << 31).size() == std::int64_t{1} << 62);
  CHECK_THROWS_AS(pl::grid(highest, 2), std::length_error);
  CHECK_THROWS_AS(pl::grid(std::int64_t{1} << 32, std::int64_t{1} << 31), std::length_error);
  CHECK_THROWS_AS(pl::grid(std::int64_t{1} << 21, std::int64_t{1} << 21, std::int64_t{1} << 21), std::length_error);
}
