// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// saxpy over 512 rows of 4096 floats, and doubles: loops of a few hundred microseconds at the edge of the caches.

#include <stdexcept>
#include <vector>

#include "../common/contest.hpp"
#include "../common/timing.hpp"
#include "loops.hpp"

namespace {

using bench::sample;

template <class Real>
using loop = void (*)(rows::matrices<Real>, Real);

constexpr std::size_t elements = rows::count * rows::columns;

template <class Real>
sample take(const char* name, loop<Real> run) {
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
  for (int i = 0; i < warm; ++i) run(m, a);
  const bench::cpu_meter cpu;
  const double start = bench::wall();
  for (int i = 0; i < loops; ++i) run(m, a);
  const double time = bench::wall() - start;
  const double burnt = cpu.burnt();
  for (std::size_t i = 0; i < elements; ++i) {
    if (y[i] != static_cast<Real>(i % 5) + (warm + loops) * a * static_cast<Real>(i % 7)) {
      throw std::runtime_error(std::string("wrong answer: ") + name);
    }
  }
  return {time / loops, burnt / loops};
}

template <class Real>
void add_contest(const char* contest) {
  std::vector<bench::rival> rivals;
  const auto add = [&rivals](const char* name, loop<Real> run) {
    if (run != nullptr) rivals.push_back({name, [name, run] { return take<Real>(name, run); }});
  };
  add("serial", rows::run_serial);
  add("parloop", rows::run_parloop);
  add(bench::openmp_name, rows::run_openmp);
  add("oneTBB", rows::run_tbb);
  bench::add_contest(contest, std::move(rivals));
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 15);
  if (static_cast<loop<float>>(rows::run_openmp) == nullptr) bench::note_missing("OpenMP");
  if (static_cast<loop<float>>(rows::run_tbb) == nullptr) bench::note_missing("oneTBB");
  add_contest<float>("rows/float");
  add_contest<double>("rows/double");
  const bool right = bench::run();
  bench::print_comparison("saxpy over 512 rows of 4096", {"rows/float", "rows/double"});
  return right ? 0 : 1;
}
