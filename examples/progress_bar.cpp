// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
// A loop to watch: numbers whose Collatz sequences are longest, below the limit it is given, with a bar that shows rate
// and remaining time where barkeep (GitHub: oir/barkeep, one header) is there, else with a callback of one's own.
//   g++ -std=c++20 -O3 -march=native -pthread -Iinclude examples/progress_bar.cpp -o progress_bar && ./progress_bar
#include <cstdio>
#include <cstdlib>
#include <parloop/parloop.hpp>
#if __has_include(<barkeep/barkeep.h>)
#include <parloop/progress_bar.hpp>
#endif

namespace pl = parloop;

static auto shown_as(const char* message) {
#if __has_include(<barkeep/barkeep.h>)
  return pl::progress_bar(message);
#else
  return [message](pl::index_t done, pl::index_t total) {
    std::fprintf(stderr, "%s: %lld of %lld\n", message, static_cast<long long>(done), static_cast<long long>(total));
  };
#endif
}

static int steps_to_one(pl::index_t start) {
  int steps = 0;
  for (pl::index_t value = start; value != 1; ++steps) value = value % 2 == 0 ? value / 2 : 3 * value + 1;
  return steps;
}

int main(int argc, char** argv) {
  const pl::index_t limit = argc > 1 ? std::atoll(argv[1]) : 30'000'000;
  const auto range = pl::prange(1, limit);
  const auto longest = pl::parallel_argmax(range.progress(shown_as("Collatz")), steps_to_one);
  const pl::index_t start = longest.index;
  std::printf("%lld takes %d steps, the most below %lld\n", static_cast<long long>(start), longest.value,
              static_cast<long long>(limit));
  return longest.value == steps_to_one(start) && (limit != 1'000'000 || start == 837'799) ? 0 : 1;
}
