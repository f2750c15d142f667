// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// saxpy over 512 rows of 4096 floats, and doubles: loops of a few hundred microseconds at the edge of the caches.

#include "../common/workload.hpp"
#include "loops.hpp"

namespace {

template <class Real>
using loop = void (*)(rows::matrices<Real>, Real);

constexpr std::size_t elements = rows::count * rows::columns;

template <class Real>
bench::sample take(const std::string& name, loop<Real> run) {
  // Small whole numbers, whose sums are exact in a float. One pair of matrices for all rivals, so that all have the
  // same pages.
  static std::vector<Real> x(elements);
  static std::vector<Real> y(elements);
  for (std::size_t i = 0; i < elements; ++i) {
    x[i] = static_cast<Real>(i % 7);
    y[i] = static_cast<Real>(i % 5);
  }
  constexpr Real a = 2;
  constexpr int warm = 2;
  constexpr int loops = 10;
  const rows::matrices<Real> m{x.data(), y.data()};
  const bench::sample s = bench::measure(warm, loops, [&] { run(m, a); });
  for (std::size_t i = 0; i < elements; ++i) {
    bench::require(y[i] == static_cast<Real>(i % 5) + (warm + loops) * a * static_cast<Real>(i % 7), name);
  }
  return s;
}

template <class Real>
void add_contest(const char* contest) {
  const auto loops = bench::usual<loop<Real>>(rows::run_serial, rows::run_parloop, rows::run_openmp, rows::run_tbb);
  bench::add_contest(contest, bench::rivals_of(loops, take<Real>));
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 15);
  add_contest<float>("rows/float");
  add_contest<double>("rows/double");
  return bench::run_and_compare("saxpy over 512 rows of 4096");
}
