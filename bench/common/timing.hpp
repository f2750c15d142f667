// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Clocks, and the silence between two measurements.
#pragma once

#include <time.h>

#include <chrono>
#include <thread>

namespace bench {

/// Seconds, on a clock that never goes back.
inline double wall() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Seconds of CPU time that all threads of this process have burnt.
inline double process_cpu() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// Keeps the calling thread busy, as a program is between two loops.
inline void burn(double seconds) {
  const double until = wall() + seconds;
  while (wall() < until) {
  }
}

inline void sleep(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

/// Returns when no thread of this process runs any more. OpenMP's threads spin after a loop (libgomp some milliseconds,
/// libomp 200 by default), which on two cores would be measured as part of the next rival.
inline void wait_until_silent() {
  constexpr double look = 1e-3;       // s
  constexpr double silent = 0.05;     // of a core: what sleeping and looking at the clock costs here, and a margin
  constexpr double longest_wait = 2;  // s
  const double give_up = wall() + longest_wait;
  double burnt = 0;
  double took = 1;
  do {
    const double cpu = process_cpu();
    const double start = wall();
    sleep(look);
    took = wall() - start;
    burnt = process_cpu() - cpu;
  } while (burnt > silent * took && wall() < give_up);
}

}  // namespace bench
