// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The OpenMP runtime of the program, libgomp or libomp, and what its idle threads can be told. For backend/openmp.hpp.
#pragma once

#ifndef _OPENMP
#error "parloop/backend/openmp.hpp needs the compiler's OpenMP flag (-fopenmp), as the CMake target parloop::openmp has"
#endif
#include <omp.h>

#include <string>

#include "../../idle.hpp"
#include "../base/compare.hpp"
#include "../base/ticks.hpp"
#include "home_process.hpp"
#include "optional_backends.hpp"

extern "C" {  // libomp's; null elsewhere
[[gnu::weak]] int kmp_get_blocktime();
[[gnu::weak]] void kmp_set_blocktime(int milliseconds);
}

namespace parloop::inline v0_2::detail {

/// Whether the runtime is libomp, which can be told how long idle threads spin. libgomp reads that when it is loaded.
[[nodiscard]] inline bool openmp_has_knob() noexcept { return kmp_set_blocktime != nullptr; }

/// The team of the calling thread: the runtime keeps one for each thread that starts regions.
struct openmp_team {
  /// none: made by the next region. asleep: sleeps at once after a loop. hot: spins, as long as the runtime does.
  enum class state { none, asleep, hot };

  /// Starting a region costs about as much as loops lose between asking and getting help. Measured on the 2-core
  /// machine class: libgomp's and libomp's, 80-110 us asleep after 2 ms, 20-60 us asleep after less.
  [[nodiscard]] std::chrono::nanoseconds price(int width) const noexcept {
    constexpr std::chrono::nanoseconds of_hot = std::chrono::nanoseconds(2500);
    constexpr std::chrono::nanoseconds of_asleep = std::chrono::microseconds(80);
    constexpr std::chrono::nanoseconds of_further_thread = std::chrono::microseconds(20);
    if (what == state::none) return of_asleep + (width - 1) * of_further_thread;
    return is_hot() ? of_hot : of_asleep;
  }
  [[nodiscard]] bool is_hot() const noexcept {
    constexpr std::chrono::nanoseconds surely_hot = std::chrono::milliseconds(1);
    return what == state::hot && now() - last_end < to_ticks(surely_hot);
  }

  /// What the threads are to do after the loop that begins. A runtime that spins does so for long: libgomp 3-15 ms,
  /// libomp 1 ms at least. So under `adaptive` they only do when loops have come close together for a second.
  [[nodiscard]] state afterwards(idle_policy idle, std::chrono::nanoseconds next) noexcept {
    if (idle.what == idle_policy::kind::spin) return state::hot;
    const bool close = idle.what == idle_policy::kind::adaptive && next.count() > 0 && next <= idle.time;
    const ticks start = now();
    constexpr std::chrono::nanoseconds long_pause = std::chrono::milliseconds(100);
    if (!close || start - last_end > to_ticks(long_pause)) close_since = start;
    return close && start - close_since > to_ticks(std::chrono::seconds(1)) ? state::hot : state::asleep;
  }

  /// A loop has ended, on a team of `sleeping_size`; ends the team if it is to sleep and cannot, which is 0.
  void note_end(state afterwards, int sleeping_size) noexcept {
    const bool end = !openmp_has_knob() && afterwards == state::asleep && sleeping_size == 0;
    what = end && omp_pause_resource_all(omp_pause_soft) == 0 ? state::none : afterwards;
    last_end = now();
  }

  state what = state::none;
  ticks last_end = 0;
  ticks close_since = 0;  // since when loops have come close together
};
inline thread_local constinit openmp_team openmp_team_here{};

/// How large a team of `width` has to be to sleep between loops; 0: it cannot, and has to be ended. With more threads
/// than the CPUs it found, libgomp hardly spins (100 pauses instead of 300000). So one thread too many, which is given
/// nothing to do, puts them all to sleep: measured, cheaper than ending the team and making another.
[[nodiscard]] inline int size_that_sleeps(idle_policy idle, int width, int cpus) noexcept {
  if (openmp_has_knob()) return width;
  if (idle.what == idle_policy::kind::release || width < cpus) return 0;
  return larger(width, cpus + 1);
}

/// For its lifetime, the calling thread's regions get as many threads as they ask for, and these wait for the next
/// region as told. Restores what the program has set.
class openmp_settings {
 public:
  openmp_settings(openmp_team::state afterwards, idle_policy idle) noexcept
      : dynamic_(omp_get_dynamic()), blocktime_(openmp_has_knob() ? kmp_get_blocktime() : 0) {
    if (dynamic_ != 0) omp_set_dynamic(0);
    if (!openmp_has_knob()) return;
    constexpr int shortest = 1;
    constexpr int for_long = 1'000'000;  // more overflows
    kmp_set_blocktime(afterwards == openmp_team::state::asleep ? 0
                      : idle.what == idle_policy::kind::spin   ? for_long
                                                               : shortest);
  }
  openmp_settings(const openmp_settings&) = delete;
  openmp_settings& operator=(const openmp_settings&) = delete;
  ~openmp_settings() {
    if (openmp_has_knob()) kmp_set_blocktime(blocktime_);
    if (dynamic_ != 0) omp_set_dynamic(dynamic_);
  }

 private:
  int dynamic_;
  int blocktime_;
};

/// Noted before regions are started.
inline constinit home_process openmp_home{};

/// Whether the calling thread cannot have help: it is in a parallel region, or it is the one thread that survived a
/// fork, which libgomp does not notice: its regions would wait for the other threads for ever.
[[nodiscard]] inline bool openmp_is_alone() noexcept {
  return omp_in_parallel() != 0 || (!openmp_has_knob() && openmp_home.left());
}

[[nodiscard, gnu::cold]] inline std::string describe_openmp(idle_policy idle, int sleeping_size) {
  const std::string text = std::string("idle threads: ") + to_text(idle).chars + ", by ";
  if (openmp_has_knob()) return text + "libomp, whose spinning is set in whole ms, and whose threads do not end";
  return text + "libgomp, whose spinning, some ms, cannot be set: its threads " +
         (idle.what == idle_policy::kind::spin ? "do so"
          : sleeping_size == 0                 ? "end with each loop"
                                               : "sleep because they are more than the CPUs, one at least idle") +
         "; in forked children loops run in their caller";
}

#if !defined(__ELF__)
inline backend* make_openmp(backend_options options);  // in backend/openmp.hpp
inline const bool openmp_is_noted = (noted_openmp = &make_openmp) != nullptr;
#endif

}  // namespace parloop::inline v0_2::detail
