// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
//
// What the threads do, as a picture: frames of a balanced and an unbalanced loop with serial work between, recorded.
// Open the file in ui.perfetto.dev or chrome://tracing, or draw it: python3 bench/report trace trace.json trace
//   g++ -std=c++20 -O3 -march=native -pthread -Iinclude examples/trace_loops.cpp -o trace_loops && ./trace_loops
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <parloop/backend/traced.hpp>
#include <parloop/parloop.hpp>
#include <vector>

namespace pl = parloop;

static double work(pl::index_t steps) {
  double x = 1;
  for (pl::index_t k = 0; k < steps; ++k) x = std::sqrt(x + 1);
  return x;
}

int main(int argc, char** argv) {
  const char* const path = argc > 1 ? argv[1] : "trace.json";
  std::filesystem::remove(path);  // write() makes its file anew and never overwrites one

  pl::thread_pool pool;
  pl::traced watched(pool);
  std::vector<double> same(400), rising(400);
  for (int frame = 0; frame < 3; ++frame) {
    {
      const pl::traced::section name(watched, "balanced");
      pl::parallel_for(watched, pl::prange(400), [&](pl::index_t i) { same[static_cast<std::size_t>(i)] = work(400); });
    }
    {
      const pl::traced::section name(watched, "rising");
      pl::parallel_for(watched, pl::prange(400),
                       [&](pl::index_t i) { rising[static_cast<std::size_t>(i)] = work(2 * i); });
    }
    same[0] += work(100'000);  // serial
  }
  same[0] = work(400);

  bool right = true;
  for (pl::index_t i = 0; i < 400; ++i) {
    const auto at = static_cast<std::size_t>(i);
    right = right && same[at] == work(400) && rising[at] == work(2 * i);
  }
  if (const auto error = watched.write(path)) {
    std::fprintf(stderr, "%s: %s\n", path, error.message().c_str());
    return 1;
  }
  std::printf("%s: %zu records, answers %s\n", path, watched.kept(), right ? "right" : "WRONG");
  return right ? 0 : 1;
}
