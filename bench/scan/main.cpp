// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Prefix sums of doubles, in cache and out of it. The largest number of elements as an argument.

#include <algorithm>
#include <memory>

#include "../common/workload.hpp"
#include "loops.hpp"

namespace {

using loop = void (*)(const double*, double*, long);

std::unique_ptr<double[]> x;
std::unique_ptr<double[]> y;

bench::sample take(const std::string& name, loop run, long n) {
  const int loops = static_cast<int>(std::clamp(10'000'000 / n, 1L, 1000L));
  const auto once = [run, n] { run(x.get(), y.get(), n); };
  bench::repeat(loops / 4 + 1, once);
  std::fill_n(y.get(), n, -1.0);
  const bench::sample s = bench::measure(0, loops, once);
  double sum = 0;  // of small whole numbers: exact in any order
  for (long i = 0; i < n; ++i) {
    sum += x[static_cast<std::size_t>(i)];
    bench::require(y[static_cast<std::size_t>(i)] == sum, name);
  }
  return s;
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 5);
  const double most = bench::argument(argc, argv, "largest number of elements", 1e8, 1e3, 1e11);
  const auto size = static_cast<std::size_t>(most);
  x.reset(new double[size]);
  y.reset(new double[size]);
  for (std::size_t i = 0; i < size; ++i) {
    x[i] = static_cast<double>(i % 7);
    y[i] = -1;
  }
  const auto loops = bench::usual(&scan::run_serial, &scan::run_parloop, &scan::run_openmp, &scan::run_tbb);
  for (long n = 1000; n <= 100'000'000 && static_cast<double>(n) <= most; n *= 10) {
    bench::add_contest("scan/" + std::to_string(n),
                       bench::rivals_of(loops, [n](const auto& name, loop run) { return take(name, run, n); }));
  }
  return bench::run_and_compare("Prefix sums of doubles");
}
