// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What is the matter with a loop, from figures alone: pure functions. For doctor.hpp.
#pragma once

#include <cstdio>
#include <string>

#include "../../index.hpp"
#include "../base/compare.hpp"

namespace parloop::inline v0_2::detail {

/// What was measured at one call site: medians over its calls, times in seconds. Zero: not known.
struct loop_figures {
  std::int64_t calls = 0;       ///< all
  std::int64_t shared = 0;      ///< calls that were given to several threads
  double iterations = 0;        ///< per call
  int threads = 1;              ///< most that may work on it
  double wall = 0;              ///< of a call as users see it
  double serial = 0;            ///< of a call that ran on one thread
  double work = 0;              ///< CPU time of all threads inside chunks, per shared call
  double serial_work = 0;       ///< CPU time of a call that ran on one thread
  double running = 0;           ///< CPU time over wall time inside chunks: 1 when nothing kept the threads waiting
  double wake = 0;              ///< from sharing the loop to the first chunk of a second thread
  double tail = 0;              ///< part of the time after sharing in which a thread had run out of work
  double longest = 0;           ///< part of the work that the longest chunk took
  double longest_excess = 0;    ///< that part over the chunk's part of the iterations
  double chunks = 0;            ///< per shared call
  double participants = 0;      ///< threads that ran a chunk
  double period = 0;            ///< from one call to the next
  double cpu = 0;               ///< CPU time over wall time, while the loop runs
  double burnt = 0;             ///< CPUs that other threads kept busy between this loop and the next
  double bytes = 0;             ///< that an iteration reads and writes, as the user says
  double bandwidth_of_one = 0;  ///< bytes/s that a thread can stream on this machine
  double bandwidth = 0;         ///< bytes/s that all threads can stream
};

enum class finding {
  unknown,               ///< never called, or not often enough
  one_thread,            ///< there is nobody to share with
  too_small,             ///< stays in its caller, as it should
  does_not_pay,          ///< is shared, and is no faster for it
  memory_bound,          ///< waits for memory, not for CPUs
  one_long_iteration,    ///< cannot be cut
  imbalanced,            ///< some threads run out of work early
  wake_dominates,        ///< is over before the others are awake
  kept_from_running,     ///< threads have no CPU, or their bodies wait for something
  slower_when_together,  ///< iterations take longer when threads run at the same time
  pays
};

namespace limits {                                // of what is worth a remark; each allows for a noisy machine
inline constexpr double mostly_serial = 0.1;      // of the calls are shared
inline constexpr double of_bandwidth = 0.5;       // of what the machine can stream
inline constexpr double least_traffic = 16e6;     // bytes a call; less may come from caches
inline constexpr double dominating_chunk = 0.5;   // of the work
inline constexpr double more_than_its_share = 4;  // a chunk that takes so many times its part of the iterations
inline constexpr double tail = 0.25;              // of the time
inline constexpr double wake = 0.25;              // of the call's time
inline constexpr double company = 1.5;            // threads
inline constexpr double running = 0.8;            // of the time in chunks
inline constexpr double hardly_running = 0.5;     // of the time in chunks; then they end late for want of a CPU
inline constexpr double inflation = 1.35;         // of an iteration's time
inline constexpr double good_use = 0.8;           // speed-up over threads
inline constexpr double worth_it = 1.1;           // speed-up
inline constexpr double burnt = 0.05;             // CPUs
}  // namespace limits

/// How many times faster than on one thread; 0: not known.
[[nodiscard]] inline double speed_up(const loop_figures& f) noexcept { return f.wall > 0 ? f.serial / f.wall : 0; }

/// Bytes/s that the loop reads and writes; 0: not known.
[[nodiscard]] inline double traffic(const loop_figures& f) noexcept {
  return f.wall > 0 ? f.bytes * f.iterations / f.wall : 0;
}

/// Threads that together stream what all can.
[[nodiscard]] inline int enough_threads(const loop_figures& f) noexcept {
  if (f.bandwidth_of_one <= 0) return 1;
  constexpr double nearly = 0.9;
  return within(static_cast<int>(nearly * f.bandwidth / f.bandwidth_of_one) + 1, 1, larger(f.threads, 1));
}

/// Whether the threads had work but no CPU, or waited for something other than memory.
[[nodiscard]] inline bool kept_from_running(const loop_figures& f) noexcept {
  if (f.running > 0 && f.running < limits::running) return true;
  const double all_the_time = f.participants - f.tail * (f.participants - 1);
  return f.cpu > 0 && f.cpu < limits::running * all_the_time;
}

/// The one thing that matters most.
[[nodiscard]] inline finding diagnose_loop(const loop_figures& f) noexcept {
  if (f.calls == 0 || f.wall <= 0) return finding::unknown;
  if (f.threads <= 1) return finding::one_thread;
  if (static_cast<double>(f.shared) < limits::mostly_serial * static_cast<double>(f.calls)) return finding::too_small;
  const double gain = speed_up(f);
  if (f.bandwidth > 0 && f.bytes * f.iterations >= limits::least_traffic &&
      traffic(f) >= limits::of_bandwidth * f.bandwidth) {
    return finding::memory_bound;
  }
  if (f.longest >= limits::dominating_chunk && f.longest_excess >= limits::more_than_its_share) {
    return finding::one_long_iteration;
  }
  if (gain >= limits::good_use * f.threads) return finding::pays;
  if (f.participants > 0 && f.participants < limits::company) return finding::wake_dominates;
  if (f.tail >= limits::tail) {
    return f.running > 0 && f.running < limits::hardly_running ? finding::kept_from_running : finding::imbalanced;
  }
  if (f.wake >= limits::wake * f.wall) return finding::wake_dominates;
  if (kept_from_running(f)) return finding::kept_from_running;
  if (f.serial_work > 0 && f.work >= limits::inflation * f.serial_work) return finding::slower_when_together;
  if (gain > 0 && gain < limits::worth_it) return finding::does_not_pay;
  return finding::pays;
}

/// A number with a few digits, then a unit: "12.3 us".
[[nodiscard]] inline std::string with_unit(double value, const char* unit) {
  char text[64];
  std::snprintf(text, sizeof text, value < 10 ? "%.2f %s" : value < 100 ? "%.1f %s" : "%.0f %s", value, unit);
  return text;
}
[[nodiscard]] inline std::string time_text(double seconds) {
  if (seconds < 1e-6) return with_unit(seconds * 1e9, "ns");
  if (seconds < 1e-3) return with_unit(seconds * 1e6, "us");
  return seconds < 1 ? with_unit(seconds * 1e3, "ms") : with_unit(seconds, "s");
}
[[nodiscard]] inline std::string percent(double part) { return with_unit(part * 100, "%"); }

/// What to do about the finding, in plain words.
[[nodiscard]] inline std::string advice(const loop_figures& f, finding what) {
  const std::string period = f.period > 0 ? "; loops come every " + time_text(f.period) : "";
  switch (what) {
    case finding::unknown:
      return "has not run";
    case finding::one_thread:
      return "one thread: there is nobody to share with";
    case finding::too_small:
      return "does not pay at this size: " + time_text(f.wall) +
             " of work is less than sharing costs, so it runs in its caller. Give it more to do, or leave it serial";
    case finding::does_not_pay:
      return "does not pay at this size: " + time_text(f.serial) + " on one thread, " + time_text(f.wall) +
             " shared. Give it more to do, a larger grain, or leave it serial";
    case finding::memory_bound:
      return "memory-bound: moves " + with_unit(traffic(f) * 1e-9, "GB/s") + " of the " +
             with_unit(f.bandwidth * 1e-9, "GB/s") + " that all threads can; " + std::to_string(enough_threads(f)) +
             (enough_threads(f) == 1 ? " thread is" : " threads are") + " enough. Merge loops over the same data";
    case finding::one_long_iteration:
      return "one iteration takes " + percent(f.longest) + " of the work, and no loop is shorter than its longest " +
             "iteration. Split it, or run a loop inside it";
    case finding::imbalanced:
      return "imbalanced: for " + percent(f.tail) + " of the time a thread has run out of work. Use a smaller grain " +
             "(it ran " + with_unit(f.chunks, "chunks") + "), or work stealing";
    case finding::wake_dominates:
      return "wake-up dominates: the second thread comes " +
             (f.participants < limits::company ? "too late or not at all" : "after " + time_text(f.wake)) +
             " in a loop of " + time_text(f.wall) + period +
             ". Merge loops, or keep workers awake between them (idle::adaptive, idle::spin)";
    case finding::kept_from_running:
      return "the threads did not run all the time that they had work: other programs need the CPUs, or the body "
             "waits " +
             std::string("(locks, files, sleep)");
    case finding::slower_when_together:
      return "iterations take " + with_unit(f.work / f.serial_work, "times") + " as long when threads run together: " +
             "they wait for memory or write to shared cache lines. Try fewer threads";
    case finding::pays:
      return f.serial > 0 ? "pays: " + with_unit(speed_up(f), "times") + " as fast as on one thread" : "pays";
  }
  return {};
}

/// A remark on what happens between the loops; empty when nothing does.
[[nodiscard]] inline std::string remark(const loop_figures& f) {
  if (f.burnt < limits::burnt) return {};
  return "other threads burn " + percent(f.burnt) + " of a CPU between its calls: if that is not your own work, use " +
         "idle::park, or another backend";
}

}  // namespace parloop::inline v0_2::detail
