// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How long it takes two threads to begin a loop together and to end it: two iterations that do nothing, and two that
/// wait for each other, which no single thread can run. Back to back and after 2 ms of sleep.

#include <immintrin.h>

#include <algorithm>
#include <atomic>

#include "../common/workload.hpp"
#include "loops.hpp"

namespace {

using namespace fork_join;
using bench::sample;

// --- the iterations ---

struct alignas(64) count {
  std::atomic<long> value{0};
};
count ran[2];  // by iteration

void nothing(long i) { ran[i].value.fetch_add(1, std::memory_order_relaxed); }

/// Returns when the other iteration has begun, or after a while: then one thread runs both.
void meet(long i) {
  constexpr double longest = 2e-3;  // s
  const long mine = ran[i].value.fetch_add(1, std::memory_order_relaxed) + 1;
  const double begun = bench::wall();
  for (long looks = 1; ran[1 - i].value.load(std::memory_order_relaxed) < mine; ++looks) {
    _mm_pause();
    if (looks % 64 == 0 && bench::wall() - begun > longest) return;
  }
}

// --- rivals ---

struct rival {
  std::string name;
  void (*run)(iteration i) = nullptr;
  void (*run_with_gap)(iteration i, double gap) = nullptr;  // or this one
  void (*keep_awake)(bool on) = nullptr;                    // for rivals whose threads never sleep by themselves
};

std::vector<rival> all_rivals() {
  std::vector<rival> all{{"serial", run_serial},
                         {"parloop", run_parloop},
                         {"parloop/thread_pool", nullptr, run_thread_pool},
                         {"parloop/park", nullptr, run_park},
                         {"parloop/spin", nullptr, run_spin, keep_spinning},
                         {"parloop/work_stealing", nullptr, run_work_stealing},
                         {"parloop/workqueue", nullptr, run_workqueue}};
  // Not beside the runtime itself: with the threads that it makes for parloop, one more than there are CPUs, it spins
  // no more. To be asked for by --rivals, without the other.
  if (run_openmp != nullptr && bench::named("parloop/openmp"))
    all.push_back({"parloop/openmp", nullptr, run_on_openmp});
  all.push_back({bench::openmp_name, run_openmp});
  if (run_tbb != nullptr) all.push_back({"parloop/tbb", nullptr, run_on_tbb});
  all.push_back({"oneTBB", run_tbb});
  all.push_back({"std::execution", run_std_execution});
  all.push_back({"pthreadpool", run_pthreadpool});
  all.push_back({"rayon", run_rayon});
  all.push_back({"spin_limit", run_spin_limit, nullptr, keep_spin_limit_spinning});
  return bench::present(all, [](const rival& r) { return r.run != nullptr || r.run_with_gap != nullptr; });
}

struct contest {
  const char* name;
  iteration what;
  double pause;  // s between loops
  int warm;
  int loops;
};
constexpr contest contests[] = {
    {"fork_join/nothing", nothing, 0, 500, 2000},
    {"fork_join/meet", meet, 0, 500, 2000},
    {"fork_join/meet_after_2ms_of_sleep", meet, 2e-3, 1, 9},
};

/// The median loop, because one that the system interrupts takes a thousand times as long. Fewer loops than asked for
/// when they take half a second.
sample take(const rival& r, const contest& c) {
  const auto loop = [&r, &c] { r.run != nullptr ? r.run(c.what) : r.run_with_gap(c.what, c.pause); };
  for (count& counted : ran) counted.value = 0;
  if (r.keep_awake != nullptr) r.keep_awake(true);
  loop();  // its threads exist now, if it makes any
  const bench::cpu_meter cpu;
  const double first = bench::wall();
  std::vector<double> times;
  while (static_cast<int>(times.size()) < c.warm + c.loops && bench::wall() - first < 0.5) {
    if (c.pause > 0) bench::sleep(c.pause);
    const double start = bench::wall();
    loop();
    times.push_back(bench::wall() - start);
  }
  const double burnt = cpu.burnt();
  const auto loops = static_cast<long>(times.size());
  if (r.keep_awake != nullptr) r.keep_awake(false);
  for (const count& counted : ran) {
    bench::require(counted.value == 1 + loops, r.name);
  }
  times.erase(times.begin(), times.begin() + std::min<long>(c.warm, loops / 2));
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return {*middle, burnt / static_cast<double>(loops)};
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 15);
  for (const contest& c : contests) {
    std::vector<bench::rival> rivals;
    for (const rival& r : all_rivals()) {
      if (c.what == meet && (r.run == run_serial || r.run == run_parloop)) continue;  // one thread
      // Who meets is compared with the floor: the first is the reference.
      const auto at = c.what == meet && r.run == run_spin_limit ? rivals.begin() : rivals.end();
      rivals.insert(at, {r.name, [r, c] { return take(r, c); }});
    }
    bench::add_contest(c.name, std::move(rivals));
  }
  return bench::run_and_compare("Two iterations; \"meet\": a time of 2 ms says that one thread ran both");
}
