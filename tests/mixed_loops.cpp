// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Many mixed loops on every backend and idle policy. PARLOOP_TEST_LOOPS says how many on each: 1e5 unless set, fewer
/// under a sanitizer, 1e6 in the preset `long`. PARLOOP_TEST_SEED varies them. Arguments: only these, by their names.
#include <string>
#include "backends.hpp"
#include "conformance.hpp"

int main(int argc, char** argv) {
  const char* wanted = std::getenv("PARLOOP_TEST_LOOPS");
  const char* seed = std::getenv("PARLOOP_TEST_SEED");
  const auto loops = wanted != nullptr ? static_cast<std::int64_t>(std::atof(wanted)) : test::rounds(100'000);
  int failures = 0;
  for (const test::candidate& c : test::candidates) {
    if (argc > 1 && std::find(argv + 1, argv + argc, std::string_view(c.name)) == argv + argc) continue;
    for (const int width : {3, 16}) {
      const test::watchdog guard(static_cast<unsigned>(120 + loops / 500), c.name);
      const auto start = std::chrono::steady_clock::now();
      const auto b = c.make(width);
      const std::string wrong =
          conformance::mixed(*b, seed != nullptr ? std::strtoull(seed, nullptr, 10) : 9, loops / 2);
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
      std::printf("%-24s width %2d: %lld loops in %.1f s: %s\n", c.name, b->width(), static_cast<long long>(loops / 2),
                  took.count(), wrong.empty() ? "good" : wrong.c_str());
      if (!wrong.empty()) ++failures;
    }
  }
  return failures == 0 ? 0 : 1;
}
