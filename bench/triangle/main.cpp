// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Imbalance: 1000 iterations, the i-th of them taking a time in proportion to i, or to n - i.

#include <algorithm>
#include <iterator>

#include "../common/chain.hpp"
#include "../common/workload.hpp"
#include "loops.hpp"

namespace {

using namespace triangle;
using loop = void (*)(work);

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
  const long unit = bench::calibrate(seconds, steps_per_unit, [](long length) { run_serial({length, false}); });
  known.emplace_back(seconds, unit);
  return unit;
}

bench::sample take(const std::string& name, loop run, double seconds, bool falling) {
  const work w{unit_of(seconds), falling};
  std::fill(std::begin(out), std::end(out), 0UL);
  const int loops = std::clamp(static_cast<int>(5e-3 / seconds), 3, 100);
  const bench::sample s = bench::measure(loops / 2 + 1, loops, [&] { run(w); });
  for (long i = 0; i < iterations; ++i) bench::require(out[i] == answer(i, w), name);
  return s;
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 11);
  const std::string openmp = bench::openmp_name;
  const std::vector<bench::candidate<loop>> loops{
      {"serial", run_serial},
      {"parloop", run_parloop},
      {"parloop/work_stealing", run_parloop_work_stealing},
      {"parloop/workqueue", run_parloop_workqueue},
      {"parloop/openmp", run_openmp_static != nullptr ? run_parloop_openmp : nullptr},
      {"parloop/tbb", run_tbb != nullptr ? run_parloop_tbb : nullptr},
      {openmp, run_openmp_static},
      {openmp + "/dynamic", run_openmp_dynamic},
      {openmp + "/guided", run_openmp_guided},
      {"oneTBB", run_tbb},
      {"rayon", run_rayon}};
  for (const bool falling : {false, true}) {
    for (const size& s : sizes) {
      const auto once = [seconds = s.seconds, falling](const auto& name, loop run) {
        return take(name, run, seconds, falling);
      };
      bench::add_contest(std::string("triangle/") + (falling ? "falling/" : "rising/") + s.name,
                         bench::rivals_of(loops, once));
    }
  }
  return bench::run_and_compare("Triangle");
}
