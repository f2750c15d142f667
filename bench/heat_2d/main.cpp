// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Time steps of the heat equation in a square. Points along an edge as an argument; 100 steps.

#include <algorithm>
#include <cmath>

#include "../common/workload.hpp"
#include "loops.hpp"

namespace {

using loop = double* (*)(double*, double*, long, int);

constexpr int steps = 100;
std::vector<double> a;
std::vector<double> b;

/// The analytic solution but for the decay; 0 at the edges.
double wave(long i, long n) {
  return std::sin(3.141592653589793 * static_cast<double>(i) / static_cast<double>(n + 1));
}

bench::sample take(const std::string& name, loop run, long n) {
  const long edge = run == heat_2d::run_parloop ? 0 : 1;  // points outside the n x n that the rival's arrays have
  const long width = n + 2 * edge;
  std::vector<double> form(static_cast<std::size_t>(n));
  for (long i = 0; i < n; ++i) form[static_cast<std::size_t>(i)] = wave(i + 1, n);
  std::fill(a.begin(), a.end(), 0.0);
  std::fill(b.begin(), b.end(), 0.0);
  const auto at = [&](long y, long x) { return static_cast<std::size_t>((y + edge) * width + x + edge); };
  for (long y = 0; y < n; ++y) {
    for (long x = 0; x < n; ++x) a[at(y, x)] = form[static_cast<std::size_t>(y)] * form[static_cast<std::size_t>(x)];
  }
  const double* result = nullptr;
  const bench::sample s = bench::measure(0, 1, [&] { result = run(a.data(), b.data(), n, steps); });
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
  bench::require(error < 1e-13, name);
  return s;
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 5);
  const long largest = std::lround(bench::argument(argc, argv, "points along an edge", 2048, 1, 100'000));
  a.resize(static_cast<std::size_t>((largest + 2) * (largest + 2)));
  b.resize(a.size());
  std::vector<long> sizes{128, 512};
  std::erase_if(sizes, [largest](long n) { return n >= largest; });
  sizes.push_back(largest);
  const auto loops = bench::usual(&heat_2d::run_serial, &heat_2d::run_parloop, &heat_2d::run_openmp, &heat_2d::run_tbb);
  for (const long n : sizes) {
    bench::add_contest("heat_2d/" + std::to_string(n),
                       bench::rivals_of(loops, [n](const auto& name, loop run) { return take(name, run, n); }));
  }
  return bench::run_and_compare("100 steps of the heat equation, points along an edge");
}
