// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Which CPUs threads may use.
#pragma once

#include <sched.h>

#include <vector>

#if defined(__linux__)
namespace test {

/// The CPUs that a thread may use, by its id in the kernel (0: the calling one).
inline std::vector<int> usable_cpus(int thread = 0) {
  cpu_set_t set;
  std::vector<int> cpus;
  if (::sched_getaffinity(thread, sizeof set, &set) != 0) return cpus;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
  }
  return cpus;
}

/// Binds a thread to CPUs; false when that is not allowed.
inline bool bind(int thread, const std::vector<int>& cpus) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int cpu : cpus) CPU_SET(cpu, &set);
  return ::sched_setaffinity(thread, sizeof set, &set) == 0;
}
inline bool bind(int thread, int cpu) { return bind(thread, std::vector<int>{cpu}); }

/// Lets the calling thread run where it could before.
class affinity_restored {
 public:
  affinity_restored() { ::sched_getaffinity(0, sizeof before_, &before_); }
  affinity_restored(const affinity_restored&) = delete;
  affinity_restored& operator=(const affinity_restored&) = delete;
  ~affinity_restored() { ::sched_setaffinity(0, sizeof before_, &before_); }

 private:
  cpu_set_t before_{};
};

}  // namespace test
#endif
