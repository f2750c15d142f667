// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Pi from random points, 1e4 to 1e9 of them: the sizes of the origin's table. The largest number as an argument.

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "../common/child.hpp"
#include "../common/contest.hpp"
#include "../common/timing.hpp"
#include "loops.hpp"

namespace {

using bench::sample;

std::unique_ptr<bench::child> python;

/// Pi, to six standard errors: one sample's is sqrt(pi (4 - pi)) = 1.642.
void check(const std::string& name, long hits, long n) {
  const double pi = 4 * static_cast<double>(hits) / static_cast<double>(n);
  if (std::abs(pi - 3.141592653589793) > 6 * 1.642 / std::sqrt(static_cast<double>(n))) {
    throw std::runtime_error("not pi: " + name);
  }
}

/// At least ten milliseconds of loops, as far as can be told.
int loops_of(long n) { return n < 1'000'000 ? static_cast<int>(2'000'000 / n) : 1; }

sample take(const char* name, long (*run)(long), long n) {
  const int loops = loops_of(n);
  for (int i = 0; i < loops / 4; ++i) (void)run(n);
  const bench::cpu_meter cpu;
  const double start = bench::wall();
  long sum = 0;
  for (int i = 0; i < loops; ++i) sum += run(n);
  const double time = bench::wall() - start;
  const double burnt = cpu.burnt();
  check(name, sum / loops, n);
  static long expected_n = 0;
  static long expected = 0;
  if (expected_n != n) {
    expected_n = n;
    expected = monte_carlo_pi::run_serial(n);
  }
  if (sum != expected * loops) throw std::runtime_error(std::string("not the plain loop's digits: ") + name);
  return {time / loops, burnt / loops};
}

sample take_python(const std::string& which, long n) {
  std::istringstream answer(python->ask(which + " " + std::to_string(n)));
  double time = 0;
  long hits = 0;
  if (!(answer >> time >> hits)) throw std::runtime_error("no answer: Numba " + which);
  check("Numba " + which, hits, n);
  return {time, 0};
}

std::string contest_name(long n) { return "monte_carlo_pi/" + std::to_string(n); }

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 3);
  const double most = argc > 1 ? std::strtod(argv[1], nullptr) : 1e8;
  if (!(most >= 1e4 && most <= 1e12)) {
    std::fprintf(stderr, "usage: %s [Google Benchmark's flags] [largest number of points, from 1e4]\n", argv[0]);
    return 2;
  }
  if (std::system("python3 -c 'import numba' 2>/dev/null") == 0) {
    python = std::make_unique<bench::child>(
        std::vector<std::string>{"python3", std::string(BENCH_SOURCES) + "/monte_carlo_pi/numba_rival.py"});
  } else {
    bench::note_missing("Numba");
  }
  std::vector<std::string> contests;
  for (const double points : {1e4, 1e6, 3.3e7, 1e8, 1e9, 1e10}) {
    if (points > most) break;
    const auto n = static_cast<long>(points);
    std::vector<bench::rival> rivals;
    const auto add = [&rivals, n](const char* name, long (*run)(long)) {
      if (run != nullptr) rivals.push_back({name, [name, run, n] { return take(name, run, n); }});
    };
    add("serial", monte_carlo_pi::run_serial);
    add("parloop", monte_carlo_pi::run_parloop);
    add(bench::openmp_name, monte_carlo_pi::run_openmp);
    add("oneTBB", monte_carlo_pi::run_tbb);
    if (python != nullptr) {
      for (const std::string which : {"serial", "parallel"}) {
        if (which == "serial" && n > 100'000'000) continue;  // minutes
        rivals.push_back({"Numba " + which, [which, n] { return take_python(which, n); }});
      }
    }
    contests.push_back(contest_name(n));
    bench::add_contest(contests.back(), std::move(rivals));
  }
  const bool right = bench::run();
  bench::print_comparison("Pi from random points: median times", contests);
  return right ? 0 : 1;
}
