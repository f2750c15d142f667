// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The Mandelbrot set by rows, 64 to 1024 pixels along an edge.

#include <algorithm>
#include <map>
#include <stdexcept>

#include "../common/contest.hpp"
#include "../common/timing.hpp"
#include "loops.hpp"

namespace {

using bench::sample;
using mandelbrot::image;

constexpr long edges[] = {64, 256, 1024};  // pixels

const image& expected(long edge) {
  static std::map<long, image> known;
  const auto [at, fresh] = known.try_emplace(edge, edge);
  if (fresh) mandelbrot::run_serial(at->second);
  return at->second;
}

sample take(const char* name, void (*run)(image& of), long edge) {
  const image& answer = expected(edge);
  image made(edge);
  const int loops = static_cast<int>(std::clamp(1024 * 1024 / 8 / (edge * edge), 1L, 40L));
  for (int i = 0; i < loops / 4 + 1; ++i) run(made);
  std::fill(made.steps.begin(), made.steps.end(), -1);
  const bench::cpu_meter cpu;
  const double start = bench::wall();
  for (int i = 0; i < loops; ++i) run(made);
  const double time = bench::wall() - start;
  const double burnt = cpu.burnt();
  if (made.steps != answer.steps) throw std::runtime_error(std::string("wrong answer: ") + name);
  return {time / loops, burnt / loops};
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 9);
  if (mandelbrot::run_openmp_static == nullptr) bench::note_missing("OpenMP");
  if (mandelbrot::run_tbb == nullptr) bench::note_missing("oneTBB");
  if (mandelbrot::run_std_execution == nullptr) bench::note_missing("std::execution");
  if (mandelbrot::run_rayon == nullptr) bench::note_missing("rayon");
  static const std::string dynamic = std::string(bench::openmp_name) + "/dynamic";
  std::vector<std::string> contests;
  for (const long edge : edges) {
    std::vector<bench::rival> rivals;
    const auto add = [&](const char* name, void (*run)(image & of)) {
      if (run != nullptr) rivals.push_back({name, [=] { return take(name, run, edge); }});
    };
    add("serial", mandelbrot::run_serial);
    add("parloop", mandelbrot::run_parloop);
    add("parloop/work_stealing", mandelbrot::run_parloop_work_stealing);
    add(bench::openmp_name, mandelbrot::run_openmp_static);
    add(dynamic.c_str(), mandelbrot::run_openmp_dynamic);
    add("oneTBB", mandelbrot::run_tbb);
    add("std::execution", mandelbrot::run_std_execution);
    add("rayon", mandelbrot::run_rayon);
    contests.push_back("mandelbrot/" + std::to_string(edge));
    bench::add_contest(contests.back(), std::move(rivals));
  }
  const bool right = bench::run();
  bench::print_comparison("Mandelbrot, pixels along an edge", contests);
  return right ? 0 : 1;
}
