// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Chains of short loops with a barrier after each: as a team, as loops in a row, and in threads that poll for ever;
/// with as many threads as there are CPUs, and with twice as many; alone, and beside other programs. And the CPU time
/// that is burnt after such a chain.

#include <thread>

#include "../common/busy_neighbour.hpp"
#include "../common/chain.hpp"
#include "../common/timing.hpp"
#include "../common/workload.hpp"
#include "loops.hpp"

namespace {

using barriers::work;
using chain_of_loops = void (*)(work);

bench::sample take(const std::string& name, chain_of_loops run, work w) {
  barriers::reset();
  barriers::run_serial(w);
  const unsigned long right = barriers::checksum(w.loops);
  barriers::reset();
  const bench::sample whole = bench::measure(1, 1, [&] {
    barriers::reset();
    run(w);
  });
  bench::require(barriers::checksum(w.loops) == right, name);
  const auto loops = static_cast<double>(w.loops);
  return {whole.time / loops, whole.cpu / loops};
}

/// How long a rival's chain is: threads that poll for ever and share CPUs take a time slice, milliseconds, for a loop.
long loops_of(chain_of_loops run, work w) {
  const bool polls = run == barriers::run_spin_barrier || run == barriers::run_spin_fork;
  return polls && w.threads > static_cast<long>(std::thread::hardware_concurrency()) ? 20 : w.loops;
}

bench::sample beside_two_programs(const std::string& name, chain_of_loops run, work w) {
  const bench::busy_neighbour one;
  const bench::busy_neighbour another;
  return take(name, run, w);
}

/// The CPU time that a chain's threads burn in the 300 ms after it, beyond a program's that only sleeps. A time, so
/// that it can be compared.
bench::sample take_afterwards(chain_of_loops run, work w) {
  barriers::reset();
  run(w);
  const bench::cpu_meter cpu;
  bench::sleep(0.3);
  return {cpu.burnt(), cpu.burnt()};
}

}  // namespace

int main(int argc, char** argv) {
  bench::initialize(argc, argv, 9);
  const std::string openmp = bench::openmp_name;
  const std::vector<bench::candidate<chain_of_loops>> all{{"serial", barriers::run_serial},
                                                          {"parloop/team", barriers::run_team},
                                                          {"parloop/team_park", barriers::run_team_park},
                                                          {"parloop/parallel_for", barriers::run_parallel_for},
                                                          {openmp, barriers::run_openmp},
                                                          {openmp + "/loops", barriers::run_openmp_loops},
                                                          {"spin_barrier", barriers::run_spin_barrier},
                                                          {"spin_fork", barriers::run_spin_fork}};
  const long cpus = std::max(2U, std::thread::hardware_concurrency());
  for (const long factor : {1, 2}) {
    for (const long us : {2, 5, 10}) {
      barriers::reset();
      const long steps = bench::calibrate(static_cast<double>(us) * 1e-6, barriers::cells, [](long length) {
        barriers::run_serial({1, length, 1});
      });
      const work w{2000, steps, factor * cpus};
      const std::string threads = factor == 1 ? "as_many" : "twice_as_many";
      bench::add_contest("barriers/" + std::to_string(us) + "us/" + threads,
                         bench::rivals_of(all, [w](const auto& name, chain_of_loops run) {
                           return take(name, run, {loops_of(run, w), w.steps, w.threads});
                         }));
      if (us != 5) continue;
      const work shorter{200, steps, factor * cpus};
      bench::add_contest("barriers/" + std::to_string(us) + "us/" + threads + "/beside_2_programs",
                         bench::rivals_of(all, [w = shorter](const auto& name, chain_of_loops run) {
                           return beside_two_programs(name, run, {loops_of(run, w), w.steps, w.threads});
                         }));
    }
  }
  const long steps = bench::calibrate(5e-6, barriers::cells, [](long length) { barriers::run_serial({1, length, 1}); });
  bench::add_contest("barriers/burnt_after", bench::rivals_of(all, [=](const auto&, chain_of_loops run) {
                       return take_afterwards(run, {2000, steps, cpus});
                     }));
  return bench::run_and_compare("A loop of a chain, with the barrier at its end");
}
