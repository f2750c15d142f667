// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The Mandelbrot set by rows, 64 to 1024 pixels along an edge.

#include <algorithm>
#include <map>

#include "../common/workload.hpp"
#include "loops.hpp"

namespace {

using namespace mandelbrot;
using loop = void (*)(image&);

constexpr long edges[] = {64, 256, 1024};  // pixels

const image& expected(long edge) {
  static std::map<long, image> known;
  const auto [at, fresh] = known.try_emplace(edge, edge);
  if (fresh) run_serial(at->second);
  return at->second;
}

bench::sample take(const std::string& name, loop run, long edge) {
  const image& answer = expected(edge);
  image made(edge);
  const int loops = static_cast<int>(std::clamp(1024 * 1024 / 8 / (edge * edge), 1L, 40L));
  const auto once = [&] { run(made); };
  bench::repeat(loops / 4 + 1, once);
  std::fill(made.steps.begin(), made.steps.end(), -1);
  const bench::sample s = bench::measure(0, loops, once);
  bench::require(made.steps == answer.steps, name);
  return s;
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 9);
  const std::string openmp = bench::openmp_name;
  const std::vector<bench::candidate<loop>> loops{{"serial", run_serial},
                                                  {"parloop", run_parloop},
                                                  {"parloop/work_stealing", run_parloop_work_stealing},
                                                  {openmp, run_openmp_static},
                                                  {openmp + "/dynamic", run_openmp_dynamic},
                                                  {"oneTBB", run_tbb},
                                                  {"std::execution", run_std_execution},
                                                  {"rayon", run_rayon}};
  for (const long edge : edges) {
    bench::add_contest("mandelbrot/" + std::to_string(edge),
                       bench::rivals_of(loops, [edge](const auto& name, loop run) { return take(name, run, edge); }));
  }
  return bench::run_and_compare("Mandelbrot, pixels along an edge");
}
