// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What is expected to take how long after which measurements, on made-up times.
#include <limits>
#include <parloop/detail/team/learned_time.hpp>
#include <string>

#include "../../catch.hpp"

namespace d = parloop::detail;
using namespace std::chrono_literals;

namespace {

const d::ticks usual = d::to_ticks(30us);
const d::ticks start = d::to_ticks(1s);
const d::ticks half_life = d::to_ticks(d::learned_time::half_life);

}  // namespace

TEST_CASE("what was never measured takes its usual time") {
  const d::learned_time t(30us);
  CHECK(t.expected(start) == usual);
}

TEST_CASE("the smaller of the last two measurements is expected") {
  d::learned_time t(30us);
  t.note(start - 5 * usual, start);
  CHECK(t.expected(start) == 5 * usual);
  t.note(start - 100 * usual, start);
  CHECK(t.expected(start) == 5 * usual);
  t.note(start - 50 * usual, start);
  CHECK(t.expected(start) == 50 * usual);
  t.note(start - usual / 3, start);
  CHECK(t.expected(start) == usual / 3);
}

TEST_CASE("measurements are forgotten by halves, in both directions") {
  for (const d::ticks measured : {9 * usual, usual / 3}) {
    d::learned_time t(30us);
    t.note(start - measured, start);
    CHECK(t.expected(start + half_life / 2) == measured);
    const d::ticks later = t.expected(start + half_life + 1);
    CHECK(later - usual <= (measured - usual) / 2 + 1);
    CHECK(later - usual >= (measured - usual) / 2 - 1);
    CHECK(std::abs(t.expected(start + 1000 * half_life) - usual) <= 1);
  }
}

TEST_CASE("a clock that goes back forgets nothing") {
  d::learned_time t(30us);
  t.note(start - 4 * usual, start);
  CHECK(t.expected(start - half_life) == 4 * usual);
  t.note(start, start - half_life);  // measured on two CPUs whose clocks differ
  CHECK(t.expected(start) >= 1);
}

TEST_CASE("the last measurement is told, as a text too") {
  d::learned_time t(30us);
  CHECK(t.last() == 0);
  CHECK(std::string(d::to_text(t.last()).chars) == "not measured yet");
  t.note(start - d::to_ticks(12us), start);
  t.note(start - d::to_ticks(51500ns), start);
  CHECK(t.last() == d::to_ticks(51500ns));
  CHECK(std::string(d::to_text(t.last()).chars).substr(0, 3) == "51.");
  CHECK(std::string(d::to_text(std::numeric_limits<d::ticks>::max()).chars).size() < sizeof(d::measured_text));
}
