// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Time steps of the heat equation in a square. Points along an edge as an argument; 100 steps.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "../common/contest.hpp"
#include "../common/timing.hpp"
#include "loops.hpp"

namespace {

using bench::sample;
using loop = double* (*)(double*, double*, long, int);

constexpr int steps = 100;
std::vector<double> a;
std::vector<double> b;

/// The analytic solution but for the decay; 0 at the edges.
double wave(long i, long n) {
  return std::sin(3.141592653589793 * static_cast<double>(i) / static_cast<double>(n + 1));
}

/// `edge`: how many points outside the n x n the rival's arrays have along each edge.
sample take(const char* name, loop run, long n, long edge) {
  const long width = n + 2 * edge;
  std::vector<double> form(static_cast<std::size_t>(n));
  for (long i = 0; i < n; ++i) form[static_cast<std::size_t>(i)] = wave(i + 1, n);
  std::fill(a.begin(), a.end(), 0.0);
  std::fill(b.begin(), b.end(), 0.0);
  const auto at = [&](long y, long x) { return static_cast<std::size_t>((y + edge) * width + x + edge); };
  for (long y = 0; y < n; ++y) {
    for (long x = 0; x < n; ++x) a[at(y, x)] = form[static_cast<std::size_t>(y)] * form[static_cast<std::size_t>(x)];
  }
  const bench::cpu_meter cpu;
  const double start = bench::wall();
  const double* result = run(a.data(), b.data(), n, steps);
  const double time = bench::wall() - start;
  const double burnt = cpu.burnt();
  // The wave is an eigenvector of the step: with 0.2 in front of it, of this eigenvalue.
  const double half = std::sin(0.5 * 3.141592653589793 / static_cast<double>(n + 1));
  const double decay = std::pow(1 - 0.2 * 8 * half * half, steps);
  double error = 0;
  for (long y = 0; y < n; ++y) {
    for (long x = 0; x < n; ++x) {
      const double expected = decay * form[static_cast<std::size_t>(y)] * form[static_cast<std::size_t>(x)];
      error = std::max(error, std::abs(result[at(y, x)] - expected));
    }
  }
  if (!(error < 1e-13)) throw std::runtime_error(std::string("wrong answer: ") + name);
  return {time, burnt};
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 5);
  const long largest = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 2048;
  if (largest < 1 || largest > 100'000) {
    std::fprintf(stderr, "usage: %s [Google Benchmark's flags] [points along an edge]\n", argv[0]);
    return 2;
  }
  a.resize(static_cast<std::size_t>((largest + 2) * (largest + 2)));
  b.resize(a.size());
  std::vector<std::string> contests;
  std::vector<long> sizes{128, 512};
  std::erase_if(sizes, [largest](long n) { return n >= largest; });
  sizes.push_back(largest);
  for (const long n : sizes) {
    std::vector<bench::rival> rivals;
    const auto add = [&rivals, n](const char* name, loop run, long edge) {
      if (run != nullptr) rivals.push_back({name, [=] { return take(name, run, n, edge); }});
    };
    add("serial", heat_2d::run_serial, 1);
    add("parloop", heat_2d::run_parloop, 0);
    add(bench::openmp_name, heat_2d::run_openmp, 1);
    add("oneTBB", heat_2d::run_tbb, 1);
    contests.push_back("heat_2d/" + std::to_string(n));
    bench::add_contest(contests.back(), std::move(rivals));
  }
  const bool right = bench::run();
  bench::print_comparison("100 steps of the heat equation, points along an edge", contests);
  return right ? 0 : 1;
}
