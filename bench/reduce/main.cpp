// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The sum of doubles, in cache and out of it. The largest number of elements as an argument.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

#include "../common/contest.hpp"
#include "../common/timing.hpp"
#include "loops.hpp"

namespace {

using bench::sample;

std::unique_ptr<double[]> x;

sample take(const char* name, double (*run)(const double*, long), long n) {
  const int loops = static_cast<int>(std::clamp(20'000'000 / n, 1L, 1000L));
  for (int i = 0; i < loops / 4 + 1; ++i) (void)run(x.get(), n);
  const bench::cpu_meter cpu;
  const double start = bench::wall();
  double sum = 0;
  for (int i = 0; i < loops; ++i) sum += run(x.get(), n);
  const double time = bench::wall() - start;
  const double burnt = cpu.burnt();
  // Of small whole numbers: exact in any order.
  const long expected = n / 7 * 21 + n % 7 * (n % 7 - 1) / 2;
  if (sum != static_cast<double>(expected) * loops) throw std::runtime_error(std::string("wrong answer: ") + name);
  return {time / loops, burnt / loops};
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 5);
  const double most = argc > 1 ? std::strtod(argv[1], nullptr) : 1e8;
  if (!(most >= 1e3 && most <= 1e11)) {
    std::fprintf(stderr, "usage: %s [Google Benchmark's flags] [largest number of elements, from 1e3]\n", argv[0]);
    return 2;
  }
  const auto size = static_cast<std::size_t>(most);
  x.reset(new double[size]);
  for (std::size_t i = 0; i < size; ++i) x[i] = static_cast<double>(i % 7);
  std::vector<std::string> contests;
  for (const long n : {1'000L, 10'000L, 100'000L, 1'000'000L, 10'000'000L, 100'000'000L}) {
    if (static_cast<double>(n) > most) break;
    std::vector<bench::rival> rivals;
    const auto add = [&rivals, n](const char* name, double (*run)(const double*, long)) {
      if (run != nullptr) rivals.push_back({name, [name, run, n] { return take(name, run, n); }});
    };
    add("serial", reduce::run_serial);
    add("parloop", reduce::run_parloop);
    add(bench::openmp_name, reduce::run_openmp);
    add("oneTBB", reduce::run_tbb);
    contests.push_back("reduce/" + std::to_string(n));
    bench::add_contest(contests.back(), std::move(rivals));
  }
  const bool right = bench::run();
  bench::print_comparison("The sum of doubles (parloop and oneTBB: the same bits every time)", contests);
  return right ? 0 : 1;
}
