// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What is to be known of a computer to simulate it. Times are in nanoseconds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace machines {

using nanoseconds = std::int64_t;

/// What waking a thread costs, as a function of how long the CPU has been idle where it is put.
struct wake_point {
  nanoseconds idle;     ///< the CPU's rest
  nanoseconds cost;     ///< what the waker's system call takes
  nanoseconds latency;  ///< from the call's begin until the thread runs
};

/// Where the kernel puts a woken thread.
enum class placement : std::uint8_t {
  idle_first,     ///< where it slept if that CPU is idle, else on an idle one of the node, as Linux on bare metal
  where_it_slept  ///< there, idle or not, as Linux in a virtual machine whose halted CPUs count as taken away
};

/// One kind of computer with its kernel. The defaults are those of no machine: profiles.hpp has machines.
struct profile {
  std::string name = "plain";
  std::string source;  ///< who measured it, or which publication says so

  // --- CPUs ---
  int nodes = 1;
  int cores_per_node = 2;
  int smt = 1;                ///< hardware threads of a core; CPU i + cores is the sibling of CPU i
  double smt_speed = 0.62;    ///< of a hardware thread whose sibling is busy
  int slow_cores = 0;         ///< the last ones
  double slow_speed = 0.55;   ///< theirs
  nanoseconds operation = 1;  ///< an access to a cache line at hand, and the code around it
  nanoseconds exchange = 6;   ///< a locked read-modify-write of a line at hand
  nanoseconds pause = 40;     ///< the instruction for waiting loops
  nanoseconds clock_read = 20;
  nanoseconds clock_resolution = 1;
  nanoseconds clock_skew = 0;  ///< the largest difference between CPUs' clocks

  // --- cache lines: one transaction, a round trip of a ping-pong being four ---
  nanoseconds line_sibling = 12;
  nanoseconds line_node = 60;
  nanoseconds line_far = 60;
  nanoseconds line_kept = 20;        ///< by a CPU that has just got it to write
  nanoseconds line_cold = 80;        ///< one that is in no cache near the CPU, as it has rested for long
  nanoseconds cold_after = 500'000;  ///< so long
  int overlap = 4;                   ///< loads that follow one that waits for its line take a fourth of the time
  nanoseconds line_next_reader = 5;  ///< readers of one line are served one after the other

  // --- the kernel ---
  nanoseconds system_call = 250;
  nanoseconds context_switch = 1200;
  nanoseconds time_slice = 3'000'000;
  nanoseconds balance_period = 4'000'000;  ///< how often idle CPUs are given threads that wait elsewhere
  placement where = placement::idle_first;
  double wake_affine = 0;      ///< how often a woken thread is put on its waker's CPU instead
  double wake_preempts = 0.5;  ///< how often it takes a busy CPU at once
  std::vector<wake_point> wake{{1'000, 1'500, 4'000}, {100'000'000, 1'500, 4'000}};
  double wake_jitter = 0.15;          ///< the logarithm's standard deviation
  nanoseconds timer_slack = 50'000;   ///< timed waits end so much late
  nanoseconds timer_resolution = 1;   ///< and at a multiple of this
  nanoseconds thread_start = 15'000;  ///< what starting a thread takes; it runs as much later as a woken one
  int most_threads = 100'000;         ///< starting more fails
  double start_fails = 0;             ///< how often it fails anyway
  bool tells_cpu = true;              ///< whether threads can ask for their CPU and set their affinity

  // --- a host that takes CPUs away ---
  double steal_share = 0;  ///< of each CPU's time
  nanoseconds steal_length = 2'000'000;

  [[nodiscard]] int cores() const { return nodes * cores_per_node; }
  [[nodiscard]] int cpus() const { return cores() * smt; }
  [[nodiscard]] int core_of(int cpu) const { return cpu % cores(); }
  [[nodiscard]] int node_of(int cpu) const { return core_of(cpu) / cores_per_node; }
  [[nodiscard]] double speed_of(int cpu) const { return core_of(cpu) >= cores() - slow_cores ? slow_speed : 1.0; }
};

}  // namespace machines
