// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Imbalance: 1000 iterations, the i-th of them taking a time in proportion to i, or to n - i.

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <vector>

#include "../common/chain.hpp"
#include "../common/contest.hpp"
#include "loops.hpp"

namespace {

using bench::sample;
using triangle::iterations;
using triangle::out;
using triangle::work;

struct size {
  const char* name;
  double seconds;
};
constexpr size sizes[] = {{"200us", 200e-6}, {"1ms", 1e-3}, {"10ms", 10e-3}};

long unit_of(double seconds) {
  static std::vector<std::pair<double, long>> known;
  for (const auto& [at, unit] : known) {
    if (at == seconds) return unit;
  }
  const double steps_per_unit = iterations * (iterations + 1) / 2.0 / 16;
  const long unit = bench::calibrate(seconds, steps_per_unit, [](long length) {
    triangle::run_serial({length, false});
  });
  known.emplace_back(seconds, unit);
  return unit;
}

sample take(const char* name, void (*run)(work), double seconds, bool falling) {
  const work w{unit_of(seconds), falling};
  std::fill(std::begin(out), std::end(out), 0UL);
  const int loops = std::clamp(static_cast<int>(5e-3 / seconds), 3, 100);
  for (int i = 0; i < loops / 2 + 1; ++i) run(w);
  const bench::cpu_meter cpu;
  const double start = bench::wall();
  for (int i = 0; i < loops; ++i) run(w);
  const double time = bench::wall() - start;
  const double burnt = cpu.burnt();
  for (long i = 0; i < iterations; ++i) {
    if (out[i] != triangle::answer(i, w)) {
      throw std::runtime_error(std::string("wrong answer: ") + name);
    }
  }
  return {time / loops, burnt / loops};
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 11);
  if (triangle::run_openmp_static == nullptr) bench::note_missing("OpenMP");
  if (triangle::run_tbb == nullptr) bench::note_missing("oneTBB");
  if (triangle::run_rayon == nullptr) bench::note_missing("rayon");
  std::vector<std::string> contests;
  for (const bool falling : {false, true}) {
    for (const size& s : sizes) {
      static const std::string openmp = bench::openmp_name;
      static const std::string dynamic = openmp + "/dynamic";
      static const std::string guided = openmp + "/guided";
      std::vector<bench::rival> rivals;
      const auto add = [&](const char* name, void (*run)(work)) {
        if (run == nullptr) return;
        rivals.push_back({name, [=] { return take(name, run, s.seconds, falling); }});
      };
      add("serial", triangle::run_serial);
      add("parloop", triangle::run_parloop);
      add("parloop/work_stealing", triangle::run_parloop_work_stealing);
      add("parloop/workqueue", triangle::run_parloop_workqueue);
      if (triangle::run_openmp_static != nullptr) add("parloop/openmp", triangle::run_parloop_openmp);
      if (triangle::run_tbb != nullptr) add("parloop/tbb", triangle::run_parloop_tbb);
      add(openmp.c_str(), triangle::run_openmp_static);
      add(dynamic.c_str(), triangle::run_openmp_dynamic);
      add(guided.c_str(), triangle::run_openmp_guided);
      add("oneTBB", triangle::run_tbb);
      add("rayon", triangle::run_rayon);
      contests.push_back(std::string("triangle/") + (falling ? "falling/" : "rising/") + s.name);
      bench::add_contest(contests.back(), std::move(rivals));
    }
  }
  const bool right = bench::run();
  bench::print_comparison("Triangle", contests);
  return right ? 0 : 1;
}
