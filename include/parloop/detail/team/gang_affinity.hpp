// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Keeps the threads of a gang off its caller's CPU when they are woken, where the system is seen to put them there
/// (detail/team/wake_affinity.hpp). For detail/team/gang_thread.hpp.
#pragma once

#include "../base/atomic.hpp"
#include "affinity_plan.hpp"

namespace parloop::inline v0_2::detail {

#if defined(__linux__) && !defined(PARLOOP_PORTABLE)

template <class System>
class basic_gang_affinity;

/// The CPUs that a gang's caller has dealt out while it wakes the threads; where they are fewer than the members, in
/// this round.
template <class System>
class basic_taken_cpus {
 public:
  /// Of a gang of that many members, which may use that many CPUs.
  basic_taken_cpus(int members, int cpus) noexcept
      : cpus_(cpus), crowded_(members > cpus), here_(to_place(System::current_cpu())) {
    CPU_ZERO(&used_);
    add_place(used_, here_);
  }

 private:
  friend class basic_gang_affinity<System>;
  int cpus_;
  bool crowded_;
  cpu_place here_;
  cpu_set_t used_;
};

/// One thread's. What is learned is the process's, as the pools' is.
template <class System>
class basic_gang_affinity {
 public:
  // --- for the thread itself ---

  void begin() noexcept { plan_.thread = System::current_thread(); }
  void before_sleep() noexcept { place_ = to_place(System::current_cpu()); }
  /// It has been woken.
  void after_wakeup() noexcept {
    if (steered_) {
      plan_.restore();
      steered_ = false;
    } else if (apart_ && to_place(System::current_cpu()) == waker_) {
      System::misplaced.fetch_add(1, memory_order_relaxed);
    }
  }

  // --- for who wakes it, while it sleeps and cannot be woken by others ---

  /// `number`: the member's, of which 0 is the caller.
  void before_wake(basic_taken_cpus<System>& cpus, int number) noexcept {
    constexpr int enough = 2;  // one may be a chance
    waker_ = cpus.here_;
    apart_ = number < cpus.cpus_;
    if (System::misplaced.load(memory_order_relaxed) < enough) return;
    steered_ = cpus.crowded_ ? plan_.apply_in_rounds(place_, cpus.used_) : plan_.apply(place_, cpus.here_, cpus.used_);
  }

 private:
  affinity_plan<System> plan_{};
  cpu_place place_ = nowhere;
  cpu_place waker_ = nowhere;
  bool apart_ = false;  // from its waker it is to wake: there are CPUs enough for both
  bool steered_ = false;
};

using taken_cpus = basic_taken_cpus<system_affinity>;
using gang_affinity = basic_gang_affinity<system_affinity>;

#else

class taken_cpus {
 public:
  taken_cpus(int /*members*/, int /*cpus*/) noexcept {}
};

class gang_affinity {
 public:
  void begin() noexcept {}
  void before_sleep() noexcept {}
  void after_wakeup() noexcept {}
  void before_wake(taken_cpus& /*cpus*/, int /*number*/) noexcept {}
};

#endif

}  // namespace parloop::inline v0_2::detail
