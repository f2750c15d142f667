// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Pi from random points, 1e4 to 1e9 of them: the sizes of the origin's table. The largest number as an argument.

#include <cmath>
#include <memory>
#include <sstream>

#include "../common/child.hpp"
#include "../common/workload.hpp"
#include "loops.hpp"

namespace {

using bench::sample;
using loop = long (*)(long);

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

sample take(const std::string& name, loop run, long n) {
  const int loops = loops_of(n);
  const int all = loops / 4 + loops;
  long sum = 0;
  const sample s = bench::measure(loops / 4, loops, [&] { sum += run(n); });
  check(name, sum / all, n);
  static long expected_n = 0;
  static long expected = 0;
  if (expected_n != n) {
    expected_n = n;
    expected = monte_carlo_pi::run_serial(n);
  }
  if (sum != expected * all) throw std::runtime_error("not the plain loop's digits: " + name);
  return s;
}

sample take_python(const std::string& which, long n) {
  std::istringstream answer(python->ask(which + " " + std::to_string(n)));
  double time = 0;
  long hits = 0;
  if (!(answer >> time >> hits)) throw std::runtime_error("no answer: Numba " + which);
  check("Numba " + which, hits, n);
  return {time, 0};
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 3);
  const double most = bench::argument(argc, argv, "largest number of points", 1e8, 1e4, 1e12);
  python = bench::python_child("numba", "Numba", {"monte_carlo_pi/numba_rival.py"});
  const auto loops = bench::usual(&monte_carlo_pi::run_serial, &monte_carlo_pi::run_parloop,
                                  &monte_carlo_pi::run_openmp, &monte_carlo_pi::run_tbb);
  for (const double points : {1e4, 1e6, 3.3e7, 1e8, 1e9, 1e10}) {
    if (points > most) break;
    const auto n = static_cast<long>(points);
    auto rivals = bench::rivals_of(loops, [n](const auto& name, loop run) { return take(name, run, n); });
    if (python != nullptr) {
      for (const std::string which : {"serial", "parallel"}) {
        if (which == "serial" && n > 100'000'000) continue;  // minutes
        rivals.push_back({"Numba " + which, [which, n] { return take_python(which, n); }});
      }
    }
    bench::add_contest("monte_carlo_pi/" + std::to_string(n), std::move(rivals));
  }
  return bench::run_and_compare("Pi from random points: median times");
}
