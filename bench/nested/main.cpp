// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Parallel loops inside a parallel loop: many short ones, and two of very unequal work.

#include <algorithm>
#include <iterator>

#include "../common/workload.hpp"
#include "loops.hpp"

namespace {

using nested::out;
using nested::work;
using loop = void (*)(work);

struct contest {
  const char* name;
  work w;
};
constexpr contest contests[] = {
    {"nested/64x2000", {64, 2000, 4, 4}},    // 0.9 ms in all, 14 us an inner loop
    {"nested/unequal", {2, 100000, 40, 0}},  // the first row is nearly all the work: who shares only the outer loop
};                                           // gains nothing
static_assert(contests[0].w.size() <= nested::most && contests[1].w.size() <= nested::most);

bench::sample take(const std::string& name, loop run, work w) {
  std::fill(std::begin(out), std::end(out), ~0UL);
  const bench::sample s = bench::measure(3, 6, [&] { run(w); });
  for (long at = 0; at < w.size(); ++at) {
    bench::require(out[at] == nested::answer(at / w.inner, at % w.inner, w), name);
  }
  return s;
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 21);
  const std::vector<bench::candidate<loop>> loops{{"serial", nested::run_serial},
                                                  {"parloop/thread_pool", nested::run_thread_pool},
                                                  {"parloop/work_stealing", nested::run_work_stealing},
                                                  {bench::openmp_name, nested::run_openmp},
                                                  {"oneTBB", nested::run_tbb}};
  for (const contest& c : contests) {
    bench::add_contest(c.name,
                       bench::rivals_of(loops, [w = c.w](const auto& name, loop run) { return take(name, run, w); }));
  }
  return bench::run_and_compare("Nested");
}
