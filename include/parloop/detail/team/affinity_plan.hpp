// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The CPUs that a sleeping or new thread may use, and how they are changed until it runs. For
/// detail/team/wake_affinity.hpp.
#pragma once

#if defined(__linux__) && !defined(PARLOOP_PORTABLE)

#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

#include "../base/atomic.hpp"

namespace parloop::inline v0_2::detail {

/// What the system does, so that a test can play other systems. Threads are numbered by the system; 0: the calling one.
struct system_affinity {
  /// How often workers of this process were misplaced: the same system serves all teams, also those of one loop.
  static inline constinit atomic<int> misplaced{0};

  [[nodiscard]] static int current_cpu() noexcept { return ::sched_getcpu(); }
  [[nodiscard]] static int current_thread() noexcept { return static_cast<int>(::syscall(SYS_gettid)); }
  [[nodiscard]] static bool get(int thread, cpu_set_t& cpus) noexcept {
    return ::sched_getaffinity(thread, sizeof cpus, &cpus) == 0;
  }
  static bool set(int thread, const cpu_set_t& cpus) noexcept {
    return ::sched_setaffinity(thread, sizeof cpus, &cpus) == 0;
  }
  template <class Thread>
  static bool set(Thread& started, const cpu_set_t& cpus) noexcept {
    return ::pthread_setaffinity_np(started.native(), sizeof cpus, &cpus) == 0;
  }
};

/// The number of a CPU, or `nowhere`: not known.
using cpu_place = std::uint32_t;
inline constexpr cpu_place nowhere = (1U << 16) - 1;

[[nodiscard]] inline cpu_place to_place(int cpu) noexcept {
  return static_cast<cpu_place>(cpu) < CPU_SETSIZE ? static_cast<cpu_place>(cpu) : nowhere;
}

inline void add_place(cpu_set_t& cpus, cpu_place place) noexcept {
  if (place != nowhere) CPU_SET(place, &cpus);
}

[[nodiscard]] inline cpu_set_t cpus_without(const cpu_set_t& cpus, const cpu_set_t& others) noexcept {
  cpu_set_t both;
  CPU_AND(&both, &cpus, &others);
  cpu_set_t left;
  CPU_XOR(&left, &cpus, &both);
  return left;
}

/// `place`, if it is one of the CPUs, of which there is at least one; else the first of them.
[[nodiscard]] inline cpu_place place_in(const cpu_set_t& cpus, cpu_place place) noexcept {
  if (place != nowhere && CPU_ISSET(place, &cpus) != 0) return place;
  for (place = 0; CPU_ISSET(place, &cpus) == 0;) ++place;
  return place;
}

/// What one thread may use while it is steered. Written by that thread, and by the thread that steers it.
template <class System>
struct affinity_plan {
  int thread = 0;
  cpu_set_t before;  // what the thread might use
  cpu_set_t after;   // what it may use until it wakes

  /// Makes `after` of `before`: without the CPUs that are `used` or, if that leaves none, without `here`. False when
  /// nothing is left, or nothing changed.
  [[gnu::cold]] bool leave(const cpu_set_t& used, cpu_place here) noexcept {
    after = cpus_without(before, used);
    if (CPU_COUNT(&after) == 0) {
      cpu_set_t only_here;
      CPU_ZERO(&only_here);
      add_place(only_here, here);
      after = cpus_without(before, only_here);
    }
    return CPU_COUNT(&after) > 0 && CPU_EQUAL(&after, &before) == 0;
  }

  /// Leaves the sleeping thread the CPUs that are not `used` or, if there is none, all but `here`, the waker's; and
  /// adds to `used` where it is expected to wake: at `place`, where it fell asleep, else on the first of them. False
  /// when there is none, or nothing to change, or the system does not allow it. Nothing stands between the two calls
  /// that takes time: what somebody else changes there is lost.
  [[gnu::cold]] bool apply(cpu_place place, cpu_place here, cpu_set_t& used) noexcept {
    if (!System::get(thread, before)) return false;
    if (!leave(used, here) || !System::set(thread, after)) return false;
    CPU_SET(place_in(after, place), &used);
    return true;
  }

  /// For the thread itself: it may use what it might before, unless somebody else has changed that meanwhile.
  [[gnu::cold]] void restore() const noexcept {
    cpu_set_t now;
    if (System::get(0, now) && CPU_EQUAL(&now, &after)) System::set(0, before);
  }
};

}  // namespace parloop::inline v0_2::detail

#endif
