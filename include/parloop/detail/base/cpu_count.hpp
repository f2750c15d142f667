// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How many CPUs this process may really use: its affinity and its container's quota, not the machine's size. For the
/// backends and describe.hpp.
#pragma once

#include <limits>

#include "cgroup.hpp"
#include "compare.hpp"
#include "throw.hpp"

#if defined(__linux__) && !defined(PARLOOP_PORTABLE)
#include <sched.h>
#include <unistd.h>
#elif defined(_WIN32) && !defined(PARLOOP_PORTABLE)
#include "windows.hpp"
#else
#include <thread>
#endif

namespace parloop::inline v0_2::detail {

/// Most threads that a backend may be asked for.
inline constexpr int most_threads = 4096;

struct cpus {
  int usable = 1;    ///< what a loop should use: the smaller of the two below, at least 1
  int affinity = 1;  ///< CPUs that the process may run on
  double quota = 0;  ///< CPUs' worth of time that its control group may use; 0: no limit
};

/// CPUs in the calling thread's affinity mask, which workers inherit. `std::thread::hardware_concurrency` counts the
/// machine's with some C++ libraries.
[[nodiscard, gnu::cold]] inline int affinity_count() noexcept {
#if defined(__linux__) && !defined(PARLOOP_PORTABLE)
  // Eight times the usual 1024 CPUs: the system refuses a mask that is smaller than its own.
  cpu_set_t sets[8];
  CPU_ZERO_S(sizeof sets, sets);
  if (::sched_getaffinity(0, sizeof sets, sets) == 0) return larger(CPU_COUNT_S(sizeof sets, sets), 1);
  return larger(static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN)), 1);
#elif defined(_WIN32) && !defined(PARLOOP_PORTABLE)
  return larger(windows::affinity_count(), 1);
#else
  return larger(static_cast<int>(std::thread::hardware_concurrency()), 1);
#endif
}

/// How many CPUs the control group's quota is, rounded up; 0: no limit. `root` as below.
[[nodiscard, gnu::cold]] inline int quota_in_cpus(const char* root = "") noexcept {
  return static_cast<int>(smaller<std::int64_t>(cgroup::limit(root).cpus(), most_threads));
}

/// Reads the affinity mask and the control group's files; some 100 us, so ask once. `root` is put in front of the
/// files' paths, for tests.
[[nodiscard, gnu::cold]] inline cpus cpu_count(const char* root = "") noexcept {
  cpus c;
  c.affinity = affinity_count();
  const cgroup::bandwidth limit = cgroup::limit(root);
  c.usable = c.affinity;
  if (limit.quota != 0) {
    c.quota = static_cast<double>(limit.quota) / static_cast<double>(limit.period);
    c.usable = static_cast<int>(smaller<std::int64_t>(c.affinity, limit.cpus()));
  }
#if defined(_WIN32) && !defined(PARLOOP_PORTABLE)
  c.quota = windows::job_limit();
  const int whole = static_cast<int>(c.quota);
  if (c.quota > 0) c.usable = smaller(c.affinity, c.quota > whole ? whole + 1 : whole);
#endif
  return c;
}

/// The width of a backend that is asked for `threads`, 0 meaning all `usable` CPUs. Throws `std::invalid_argument` when
/// the number is negative or above `most_threads`.
[[nodiscard]] inline int checked_width(int threads, int usable) {
  if (threads < 0 || threads > most_threads) {
    throw_invalid_argument("parloop: the number of threads must be 0 (all CPUs) to 4096");
  }
  return threads != 0 ? threads : usable;
}

}  // namespace parloop::inline v0_2::detail
