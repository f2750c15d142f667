// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Prefix sums of doubles, in cache and out of it. The largest number of elements as an argument.

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
std::unique_ptr<double[]> y;

sample take(const char* name, void (*run)(const double*, double*, long), long n) {
  const int loops = static_cast<int>(std::clamp(10'000'000 / n, 1L, 1000L));
  for (int i = 0; i < loops / 4 + 1; ++i) run(x.get(), y.get(), n);
  std::fill_n(y.get(), n, -1.0);
  const bench::cpu_meter cpu;
  const double start = bench::wall();
  for (int i = 0; i < loops; ++i) run(x.get(), y.get(), n);
  const double time = bench::wall() - start;
  const double burnt = cpu.burnt();
  double sum = 0;  // of small whole numbers: exact in any order
  for (long i = 0; i < n; ++i) {
    sum += x[static_cast<std::size_t>(i)];
    if (y[static_cast<std::size_t>(i)] != sum) throw std::runtime_error(std::string("wrong answer: ") + name);
  }
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
  y.reset(new double[size]);
  for (std::size_t i = 0; i < size; ++i) {
    x[i] = static_cast<double>(i % 7);
    y[i] = -1;
  }
  std::vector<std::string> contests;
  for (const long n : {1'000L, 10'000L, 100'000L, 1'000'000L, 10'000'000L, 100'000'000L}) {
    if (static_cast<double>(n) > most) break;
    std::vector<bench::rival> rivals;
    const auto add = [&rivals, n](const char* name, void (*run)(const double*, double*, long)) {
      if (run != nullptr) rivals.push_back({name, [name, run, n] { return take(name, run, n); }});
    };
    add("serial", scan::run_serial);
    add("parloop", scan::run_parloop);
    add(bench::openmp_name, scan::run_openmp);
    add("oneTBB", scan::run_tbb);
    contests.push_back("scan/" + std::to_string(n));
    bench::add_contest(contests.back(), std::move(rivals));
  }
  const bool right = bench::run();
  bench::print_comparison("Prefix sums of doubles", contests);
  return right ? 0 : 1;
}
