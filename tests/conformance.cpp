// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The conformance suite over every backend, idle policy and a choice of widths.
#include "conformance.hpp"

#include "backends.hpp"
#include "catch.hpp"

namespace {

constexpr int widths[] = {1, 2, 8, 64};

std::int64_t rounds(std::int64_t full) { return test::rounds(full) / test::slowness + 1; }

/// Calls check(backend) for every candidate at every width, each under a watchdog.
template <class Check>
void over_all_backends(unsigned limit_seconds, Check check) {
  for (const test::candidate& c : test::candidates) {
    for (const int width : widths) {
      DYNAMIC_SECTION(c.name << ", width " << width) {
        const test::watchdog guard(limit_seconds, c.name);
        const auto b = c.make(width);
        INFO(c.name << ", width " << width);
        CHECK(check(*b) == "");
      }
      if (c.make(width)->width() == 1 && width > 1) break;  // it has only one width
    }
  }
}

}  // namespace

TEST_CASE("the seam's contract holds", "[seam]") {
  over_all_backends(60, [](parloop::backend& b) { return conformance::seam_contract(b, 1, rounds(2'000)); });
}

TEST_CASE("the seam's contract holds for the largest loops", "[limits]") {
  over_all_backends(60, [](parloop::backend& b) { return conformance::seam_limits(b); });
}

TEST_CASE("no tiny loop loses a wake-up", "[tiny]") {
  over_all_backends(120, [](parloop::backend& b) { return conformance::tiny_loops(b, 2, rounds(20'000)); });
}

TEST_CASE("every index runs once", "[once]") {
  over_all_backends(60, [](parloop::backend& b) { return conformance::exactly_once(b, 3, rounds(1'500)); });
}

TEST_CASE("a body's exception arrives", "[exceptions]") {
  over_all_backends(60, [](parloop::backend& b) { return conformance::exceptions(b, 4, rounds(2'000)); });
}

TEST_CASE("nested loops run", "[nested]") {
  over_all_backends(60, [](parloop::backend& b) { return conformance::nested(b, 5, rounds(200), 1); });
}

TEST_CASE("nested loops of four callers run", "[nested]") {
  over_all_backends(60, [](parloop::backend& b) { return conformance::nested(b, 6, rounds(80), 4); });
}

TEST_CASE("four callers share a backend", "[callers]") {
  over_all_backends(60, [](parloop::backend& b) { return conformance::concurrent_callers(b, 7, rounds(300), 4); });
}

TEST_CASE("sixty-four callers share a backend", "[callers]") {
  over_all_backends(60, [](parloop::backend& b) { return conformance::concurrent_callers(b, 8, rounds(20), 64); });
}
