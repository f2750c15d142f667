// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Loops of 64 iterations, 0.5 us to 2 ms of work in all: what a parallel loop costs, and from what size on it pays.

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <map>

#include "../common/busy_neighbour.hpp"
#include "../common/chain.hpp"
#include "../common/workload.hpp"
#include "loops.hpp"

namespace {

using bench::sample;
using namespace small_loops;

struct loop {
  const char* name;
  void (*run)(long n, long k);
  void (*keep_awake)(bool on) = nullptr;  // for rivals whose threads never sleep by themselves
};

constexpr loop serial{"serial", run_serial};
constexpr loop default_parloop{"parloop", run_parloop};

/// What is in this build.
std::vector<loop> all_loops() {
  std::vector<loop> loops{serial,
                          default_parloop,
                          {"parloop/park", run_parloop_park},
                          {"parloop/spin", run_parloop_spin, keep_parloop_spinning},
                          {"parloop/work_stealing", run_parloop_work_stealing},
                          {"parloop/workqueue", run_parloop_workqueue}};
  // Not beside the runtime itself: with the threads that it makes for parloop, one more than there are CPUs, it spins
  // no more. To be asked for by --rivals, without the other.
  if (run_openmp != nullptr && bench::named("parloop/openmp")) loops.push_back({"parloop/openmp", run_parloop_openmp});
  loops.push_back({bench::openmp_name, run_openmp});
  if (run_tbb != nullptr) loops.push_back({"parloop/tbb", run_parloop_tbb});
  loops.push_back({"oneTBB", run_tbb});
  loops.push_back({"std::execution", run_std_execution});
  loops.push_back({"pthreadpool", run_pthreadpool});
  loops.push_back({"rayon", run_rayon});
  loops.push_back({"spin_limit", run_spin_limit, keep_spin_limit_spinning});
  return bench::present(loops, [](const loop& l) { return l.run != nullptr; });
}

constexpr double sizes[] = {0.5e-6, 1e-6, 2e-6, 5e-6, 10e-6, 20e-6, 50e-6, 100e-6, 200e-6, 500e-6, 1000e-6, 2000e-6};  // s

/// A loop that takes `size` serially: the chain length and the answer.
struct work {
  long k = 1;
  unsigned long answer[iterations] = {};
};

const work& work_of(double size) {
  static std::map<double, work> known;
  const auto [at, fresh] = known.try_emplace(size);
  if (fresh) {
    at->second.k = bench::calibrate(size, iterations, [](long k) { run_serial(iterations, k); });
    run_serial(iterations, at->second.k);
    std::copy(std::begin(out), std::end(out), std::begin(at->second.answer));
  }
  return at->second;
}

// --- pacings: how loops follow one another ---

int loops_in(double seconds, double size, int least, int most) {
  return std::clamp(static_cast<int>(seconds / size), least, most);
}

sample back_to_back(const loop& l, long k, double size) {
  const int warm = loops_in(1e-3, size, 3, 400);
  const int loops = loops_in(2e-3, size, 5, 1000);
  l.run(iterations, k);        // its threads exist now, if it makes any
  const bench::cpu_meter cpu;  // also over the warm-up: to look at it in between would end the series
  for (int i = 0; i < warm; ++i) l.run(iterations, k);
  const double start = bench::wall();
  for (int i = 0; i < loops; ++i) l.run(iterations, k);
  const double time = bench::wall() - start;
  return {time / loops, cpu.burnt() / (warm + loops)};
}

/// The median of some loops, each after a pause of the caller.
template <class Pause>
sample after(const Pause& pause, int warm, int loops, const loop& l, long k) {
  l.run(iterations, k);        // its threads exist now, if it makes any
  const bench::cpu_meter cpu;  // also over the warm-up, as above
  for (int i = 0; i < warm; ++i) {
    pause();
    l.run(iterations, k);
  }
  std::vector<double> times;
  times.reserve(static_cast<std::size_t>(loops));
  for (int i = 0; i < loops; ++i) {
    pause();
    const double start = bench::wall();
    l.run(iterations, k);
    times.push_back(bench::wall() - start);
  }
  const double burnt = cpu.burnt();
  std::nth_element(times.begin(), times.begin() + loops / 2, times.end());
  return {times[static_cast<std::size_t>(loops / 2)], burnt / (warm + loops)};
}

sample after_50us_of_work(const loop& l, long k, double size) {
  constexpr double pause = 50e-6;  // s
  const int warm = loops_in(3e-3, pause + size, 5, 60);
  const int loops = loops_in(5e-3, size, 5, 11);
  return after([] { bench::burn(pause); }, warm, loops, l, k);
}

sample after_2ms_of_sleep(const loop& l, long k, double) {
  return after([] { bench::sleep(2e-3); }, 1, 3, l, k);
}

/// The mean over several time slices of the system's scheduler.
sample beside_a_busy_cpu(const loop& l, long k, double) {
  const bench::busy_neighbour hog(bench::busy_neighbour::place::last_cpu);
  constexpr double warm_time = 10e-3;  // s
  constexpr double time = 30e-3;
  l.run(iterations, k);
  const bench::cpu_meter cpu;
  int warm = 0;
  for (const double start = bench::wall(); bench::wall() - start < warm_time; ++warm) l.run(iterations, k);
  int loops = 0;
  const double start = bench::wall();
  double elapsed = 0;
  for (; elapsed < time; elapsed = bench::wall() - start, ++loops) l.run(iterations, k);
  return {elapsed / loops, cpu.burnt() / (warm + loops)};
}

struct pacing {
  const char* name;
  const char* title;
  sample (*take)(const loop& l, long k, double size);
};
constexpr pacing pacings[] = {
    {"back_to_back", "Back to back", back_to_back},
    {"after_50us_of_work", "50 us of the caller's own work between", after_50us_of_work},
    {"after_2ms_of_sleep", "2 ms of sleep between", after_2ms_of_sleep},
    {"beside_a_busy_cpu", "Back to back, while another process keeps one of the CPUs busy", beside_a_busy_cpu},
};

std::string contest_name(const pacing& p, double size) {
  return std::string("small_loops/") + p.name + "/" + bench::number(size * 1e6, 1) + "us";
}

// --- contests ---

bench::rival timed(const loop& l, const pacing& p, double size) {
  return {l.name, [l, p, size] {
            const work& w = work_of(size);
            std::fill(std::begin(out), std::end(out), 0UL);
            if (l.keep_awake != nullptr) l.keep_awake(true);
            const sample s = p.take(l, w.k, size);
            if (l.keep_awake != nullptr) l.keep_awake(false);
            bench::require(std::equal(std::begin(out), std::end(out), std::begin(w.answer)), l.name);
            return s;
          }};
}

/// Many calls of a loop of n iterations, for n of 0 or 1.
bench::rival tiny(const loop& l, long n) {
  return {l.name, [l, n] {
            constexpr int calls = 10000;
            constexpr long k = 1;
            if (l.keep_awake != nullptr) l.keep_awake(true);
            const sample s = bench::measure(calls / 10, calls, [&] { l.run(n, k); });
            if (l.keep_awake != nullptr) l.keep_awake(false);
            return s;
          }};
}

void add_contests(const std::vector<loop>& loops) {
  for (const long n : {0L, 1L}) {
    std::vector<bench::rival> rivals;
    for (const loop& l : loops) rivals.push_back(tiny(l, n));
    bench::add_contest("small_loops/n=" + std::to_string(n), std::move(rivals));
  }
  const double hundred = 100e-6;
  bench::add_contest(
      "small_loops/oversubscribed/100us",
      {timed(serial, pacings[0], hundred), timed({"parloop/2_threads", run_parloop_2_threads}, pacings[0], hundred),
       timed({"parloop/8_threads", run_parloop_8_threads}, pacings[0], hundred)});
  for (const pacing& p : pacings) {
    for (const double size : sizes) {
      std::vector<bench::rival> rivals;
      for (const loop& l : loops) rivals.push_back(timed(l, p, size));
      bench::add_contest(contest_name(p, size), std::move(rivals));
    }
  }
}

// --- tables ---

double excess(const bench::result& r, const std::string& name) { return r.median(name) - 1.05 * r.median("serial"); }
double speedup(const bench::result& r, const std::string& name) { return r.median("serial") / r.median(name); }

void print_times(const pacing& p) {
  bool first = true;
  for (const double size : sizes) {
    const bench::result& r = bench::result_of(contest_name(p, size));
    if (r.empty()) continue;
    if (first) {
      bench::head(std::string(p.title) +
                      ": median time [quartiles], excess = time - 1.05 x serial, speed-up, CPU time "
                      "per loop (pauses between loops included)",
                  {"work", "rival", "median", "quartiles", "excess us", "speed-up", "CPU"});
      first = false;
    }
    for (const std::string& name : r.names) {
      bench::row({bench::time_text(size), name, bench::time_text(r.median(name)), r.quartiles(name),
                  bench::number(excess(r, name) * 1e6, 2), bench::number(speedup(r, name), 2),
                  bench::time_text(r.median(name, &sample::cpu))});
    }
  }
}

/// The smallest size from which on all speed-ups are at least `wanted`.
std::string from(const pacing& p, const std::string& name, double wanted) {
  std::string found = "never";
  for (auto size = std::rbegin(sizes); size != std::rend(sizes); ++size) {
    const bench::result& r = bench::result_of(contest_name(p, *size));
    if (r.empty()) continue;
    if (speedup(r, name) < wanted) break;
    found = bench::time_text(*size);
  }
  return found;
}

void print_summary(const pacing& p, const std::vector<loop>& loops) {
  const bool measured = std::any_of(std::begin(sizes), std::end(sizes),
                                    [&p](double size) { return !bench::result_of(contest_name(p, size)).empty(); });
  if (!measured) return;
  bench::head(std::string(p.title) +
                  ": worst excess over the sizes, sizes from which on the speed-up is reached, worst "
                  "time against the best rival's (OpenMP or oneTBB) from 100 us on",
              {"rival", "worst excess us", "at", ">= 0.95 from", ">= 1.5 from", "time / best rival's"});
  for (const loop& l : loops) {
    double worst = -1;
    double worst_size = 0;
    double ratio = 0;
    for (const double size : sizes) {
      const bench::result& r = bench::result_of(contest_name(p, size));
      if (r.empty()) continue;
      if (const double e = excess(r, l.name); e > worst) {
        worst = e;
        worst_size = size;
      }
      const std::string best = r.best_rival();
      if (size >= 100e-6 && !best.empty()) ratio = std::max(ratio, r.median(l.name) / r.median(best));
    }
    bench::row({l.name, bench::number(worst * 1e6, 2), bench::time_text(worst_size), from(p, l.name, 0.95),
                from(p, l.name, 1.5), ratio > 0 ? bench::number(ratio, 3) : "-"});
  }
}

void print_tiny(const std::vector<loop>& loops) {
  const bench::result& empty = bench::result_of("small_loops/n=0");
  const bench::result& one = bench::result_of("small_loops/n=1");
  if (empty.empty() || one.empty()) return;
  bench::head("Loops of no and of one iteration: ns per call; the second over a direct call of the body",
              {"rival", "empty loop", "one iteration, over direct call", "quartiles of the one-iteration loop"});
  for (const loop& l : loops) {
    bench::row({l.name, bench::number(empty.median(l.name) * 1e9, 1),
                bench::number((one.median(l.name) - one.median("serial")) * 1e9, 1), one.quartiles(l.name)});
  }
}

void print_oversubscribed() {
  const bench::result& r = bench::result_of("small_loops/oversubscribed/100us");
  if (r.empty()) return;
  bench::head("Back-to-back loops of 100 us on pools of 2 and of 8 threads: throughput against the pool of 2",
              {"pool", "median", "quartiles", "throughput"});
  for (const std::string& name : r.names) {
    bench::row({name, bench::time_text(r.median(name)), r.quartiles(name),
                bench::number(r.median("parloop/2_threads") / r.median(name), 3)});
  }
}

void print_allocations() {
  bench::head("Calls of operator new in 1000 loops of parloop, after 1000 others (threads exist)", {"work", "calls"});
  for (const double size : {1e-6, 20e-6, 200e-6}) {
    const work& w = work_of(size);
    for (int i = 0; i < 1000; ++i) run_parloop(iterations, w.k);
    const long before = allocations();
    for (int i = 0; i < 1000; ++i) run_parloop(iterations, w.k);
    const long after = allocations();
    bench::row({bench::time_text(size), std::to_string(after - before)});
  }
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 11);
  const std::vector<loop> loops = all_loops();
  add_contests(loops);
  const bool right = bench::run();
  std::printf("\nparloop's default backend uses %d threads.\n", parloop_width());
  for (const pacing& p : pacings) print_times(p);
  for (const pacing& p : pacings) print_summary(p, loops);
  print_tiny(loops);
  print_oversubscribed();
  print_allocations();
  return right ? 0 : 1;
}
