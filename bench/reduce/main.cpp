// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The sum of doubles, in cache and out of it. The largest number of elements as an argument.

#include <algorithm>
#include <memory>

#include "../common/workload.hpp"
#include "loops.hpp"

namespace {

using loop = double (*)(const double*, long);

std::unique_ptr<double[]> x;

bench::sample take(const std::string& name, loop run, long n) {
  const int loops = static_cast<int>(std::clamp(20'000'000 / n, 1L, 1000L));
  const int warm = loops / 4 + 1;
  double sum = 0;
  const bench::sample s = bench::measure(warm, loops, [&] { sum += run(x.get(), n); });
  // Of small whole numbers: exact in any order.
  const long expected = n / 7 * 21 + n % 7 * (n % 7 - 1) / 2;
  bench::require(sum == static_cast<double>(expected) * (warm + loops), name);
  return s;
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 5);
  const double most = bench::argument(argc, argv, "largest number of elements", 1e8, 1e3, 1e11);
  const auto size = static_cast<std::size_t>(most);
  x.reset(new double[size]);
  for (std::size_t i = 0; i < size; ++i) x[i] = static_cast<double>(i % 7);
  const auto loops = bench::usual(&reduce::run_serial, &reduce::run_parloop, &reduce::run_openmp, &reduce::run_tbb);
  for (long n = 1000; n <= 100'000'000 && static_cast<double>(n) <= most; n *= 10) {
    bench::add_contest("reduce/" + std::to_string(n),
                       bench::rivals_of(loops, [n](const auto& name, loop run) { return take(name, run, n); }));
  }
  return bench::run_and_compare("The sum of doubles (parloop and oneTBB: the same bits every time)");
}
