// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Parallel loops inside a parallel loop: many short ones, and two of very unequal work.

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <vector>

#include "../common/contest.hpp"
#include "../common/timing.hpp"
#include "loops.hpp"

namespace {

using bench::sample;
using nested::out;
using nested::work;

struct contest {
  const char* name;
  work w;
};
constexpr contest contests[] = {
    {"nested/64x2000", {64, 2000, 4, 4}},    // 0.9 ms in all, 14 us an inner loop
    {"nested/unequal", {2, 100000, 40, 0}},  // the first row is nearly all the work: who shares only the outer loop
};                                           // gains nothing
static_assert(contests[0].w.size() <= nested::most && contests[1].w.size() <= nested::most);

sample take(const char* name, void (*run)(work), work w) {
  std::fill(std::begin(out), std::end(out), ~0UL);
  constexpr int loops = 6;
  for (int i = 0; i < loops / 2; ++i) run(w);
  const bench::cpu_meter cpu;
  const double start = bench::wall();
  for (int i = 0; i < loops; ++i) run(w);
  const double time = bench::wall() - start;
  const double burnt = cpu.burnt();
  for (long at = 0; at < w.size(); ++at) {
    if (out[at] != nested::answer(at / w.inner, at % w.inner, w)) {
      throw std::runtime_error(std::string("wrong answer: ") + name);
    }
  }
  return {time / loops, burnt / loops};
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 21);
  if (nested::run_openmp == nullptr) bench::note_missing("OpenMP");
  if (nested::run_tbb == nullptr) bench::note_missing("oneTBB");
  std::vector<std::string> names;
  for (const contest& c : contests) {
    std::vector<bench::rival> rivals;
    const auto add = [&](const char* name, void (*run)(work)) {
      if (run != nullptr) rivals.push_back({name, [=] { return take(name, run, c.w); }});
    };
    add("serial", nested::run_serial);
    add("parloop/thread_pool", nested::run_thread_pool);
    add("parloop/work_stealing", nested::run_work_stealing);
    add(bench::openmp_name, nested::run_openmp);
    add("oneTBB", nested::run_tbb);
    names.emplace_back(c.name);
    bench::add_contest(c.name, std::move(rivals));
  }
  const bool right = bench::run();
  bench::print_comparison("Nested", names);
  return right ? 0 : 1;
}
