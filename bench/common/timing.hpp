// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Clocks, and the silence between two measurements.
#pragma once

#include <time.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace bench {

/// Seconds, on a clock that never goes back.
inline double wall() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// The CPU time that all threads of this process burn while it lives. The process's own clock knows of other threads
/// that are running now only what the last timer tick saw, milliseconds ago; the clocks of single threads are up to
/// date, but forget threads that have ended. The larger is the better. To be made when the threads exist.
class cpu_meter {
 public:
  cpu_meter() {
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
      const auto tid = static_cast<unsigned>(std::stoul(task.path().filename().string()));
      constexpr unsigned of_a_thread = 4;  // as pthread_getcpuclockid makes them
      constexpr unsigned by_scheduler = 2;
      threads_.push_back(static_cast<clockid_t>(~tid << 3 | of_a_thread | by_scheduler));
    }
    start_ = now();
  }
  /// Seconds.
  [[nodiscard]] double burnt() const { return now() - start_; }

 private:
  static double read(clockid_t clock) {
    timespec t{};
    clock_gettime(clock, &t);  // leaves t alone when the thread has ended
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
  }
  [[nodiscard]] double now() const {
    double threads = 0;
    for (const clockid_t clock : threads_) threads += read(clock);
    return std::max(threads, read(CLOCK_PROCESS_CPUTIME_ID));
  }

  std::vector<clockid_t> threads_;
  double start_ = 0;
};

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
    const cpu_meter cpu;
    const double start = wall();
    sleep(look);
    took = wall() - start;
    burnt = cpu.burnt();
  } while (burnt > silent * took && wall() < give_up);
}

}  // namespace bench
