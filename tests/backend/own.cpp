// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The example of a user's own backend passes the suite.
#include "../catch.hpp"
#include "../conformance.hpp"

#define main example_main
#include "../../examples/write_a_backend.cpp"
#undef main

TEST_CASE("the example's backend keeps the seam's promises") {
  const test::watchdog guard(120, "a backend of one's own");
  async_backend b;
  CHECK(conformance::seam_contract(b, 1, test::rounds(200)) == "");
  CHECK(conformance::exactly_once(b, 2, test::rounds(200)) == "");
  CHECK(conformance::exceptions(b, 3, test::rounds(200)) == "");
  CHECK(conformance::tiny_loops(b, 4, test::rounds(500)) == "");
  CHECK(conformance::nested(b, 5, test::rounds(10), 1) == "");
  CHECK(conformance::concurrent_callers(b, 6, test::rounds(10), 4) == "");
  CHECK(example_main() == 0);
}
