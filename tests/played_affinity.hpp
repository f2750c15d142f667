// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A system that puts threads on CPUs, played by a test.
#pragma once

#include <parloop/detail/team/affinity_plan.hpp>

#if defined(__linux__)
#include <sched.h>

#include <algorithm>
#include <map>
#include <vector>

namespace test {

namespace d = parloop::detail;

using cpus = std::vector<int>;

inline cpu_set_t set_of(const cpus& list) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int cpu : list) CPU_SET(static_cast<std::size_t>(cpu), &set);
  return set;
}

inline cpus list_of(const cpu_set_t& set) {
  cpus list;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(static_cast<std::size_t>(cpu), &set)) list.push_back(cpu);
  }
  return list;
}

/// A system that is played by the test's only thread, which says which thread it is.
struct played {
  static inline int thread = 0;          // that runs
  static inline std::map<int, int> cpu;  // where each thread is, or slept
  static inline std::map<int, cpus> may_use;
  static inline int calls = 0;  // to the system
  static inline d::atomic<int> misplaced{0};

  static int current_cpu() { return cpu[thread]; }
  static int current_thread() { return thread; }
  static bool get(int t, cpu_set_t& set) {
    ++calls;
    set = set_of(may_use[t == 0 ? thread : t]);
    return true;
  }
  static bool set(int t, const cpu_set_t& set) {
    ++calls;
    cpus& its = may_use[t == 0 ? thread : t];
    its = list_of(set);
    if (t == 0 && std::find(its.begin(), its.end(), cpu[thread]) == its.end()) cpu[thread] = its[0];  // it runs
    return true;
  }
  struct handle {
    int thread;
  };
  static bool set(const handle& started, const cpu_set_t& mask) { return set(started.thread, mask); }
};

}  // namespace test
#endif
