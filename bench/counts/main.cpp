// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Runs loops of 200 us of one rival and prints how often they called malloc; others count the system calls meanwhile.
/// Usage: bench_counts LIBRARY back_to_back|after_2ms LOOPS, or bench_counts --list. The rivals are idle_cost's.

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "../common/chain.hpp"
#include "../idle_cost/contenders.hpp"
#include "allocations.hpp"

namespace {

using namespace idle_cost;

constexpr long iterations = 64;
unsigned long out[iterations];
long chain_length = 1;

void compute(long begin, long end) {
  for (long i = begin; i < end; ++i) out[i] = bench::chain(chain_length, static_cast<unsigned long>(i));
}

/// Lines of a rival's name, its library, and what to set in the environment.
void list() {
  for (const contender& c : contenders()) {
    std::printf("%s %s", c.name.c_str(), c.library);
    if (c.variable != nullptr) std::printf(" %s=%s", c.variable, c.value);
    std::puts("");
  }
}

using loop = void (*)(long n, chunk c);

loop loop_of(std::string_view library) {
  if (library == "serial") return run_serial;
  if (library == "parloop") return run_parloop;
  if (library == "openmp") return run_openmp;
  if (library == "tbb") return run_tbb;
  if (library == "std_execution") return run_std_execution;
  if (library == "pthreadpool") return run_pthreadpool;
  if (library == "rayon") return run_rayon;
  return nullptr;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--list") {
    list();
    return 0;
  }
  const loop run = argc == 4 ? loop_of(argv[1]) : nullptr;
  if (run == nullptr) {
    std::fprintf(stderr, "usage: %s --list, or %s LIBRARY back_to_back|after_2ms LOOPS\n", argv[0], argv[0]);
    return 2;
  }
  const double pause = std::string_view(argv[2]) == "after_2ms" ? 2e-3 : 0;  // s
  chain_length = 2000;                                                       // some 3 us
  const auto loops = [run, pause](long count) {
    for (long i = 0; i < count; ++i) {
      if (pause > 0) bench::sleep(pause);
      run(iterations, compute);
    }
  };
  loops(pause > 0 ? 50 : 200);  // threads exist
  const long before = counts::allocations();
  loops(std::strtol(argv[3], nullptr, 10));
  std::printf("%ld\n", counts::allocations() - before);
  for (long i = 0; i < iterations; ++i) {
    if (out[i] != bench::chain(chain_length, static_cast<unsigned long>(i))) return 1;
  }
}
