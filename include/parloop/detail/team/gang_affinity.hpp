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

/// The CPUs that are taken while a gang wakes its threads; of its caller.
template <class System>
class basic_taken_cpus {
 public:
  /// `crowded`: there are fewer CPUs than members.
  explicit basic_taken_cpus(bool crowded) noexcept : crowded_(crowded), here_(to_place(System::current_cpu())) {
    CPU_ZERO(&used_);
    add_place(used_, here_);
  }

 private:
  friend class basic_gang_affinity<System>;
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

  /// Where threads share CPUs the system deals them out: it knows which of them other programs use.
  void before_wake(basic_taken_cpus<System>& cpus) noexcept {
    constexpr int enough = 2;  // one may be a chance
    waker_ = cpus.here_;
    apart_ = !cpus.crowded_;
    if (!apart_ || System::misplaced.load(memory_order_relaxed) < enough) return;
    steered_ = plan_.apply(place_, cpus.here_, cpus.used_);
  }

 private:
  affinity_plan<System> plan_{};
  cpu_place place_ = nowhere;
  cpu_place waker_ = nowhere;
  bool apart_ = false;  // from its waker it is to wake, on a CPU of its own
  bool steered_ = false;
};

using taken_cpus = basic_taken_cpus<system_affinity>;
using gang_affinity = basic_gang_affinity<system_affinity>;

#else

class taken_cpus {
 public:
  explicit taken_cpus(bool /*crowded*/) noexcept {}
};

class gang_affinity {
 public:
  void begin() noexcept {}
  void before_sleep() noexcept {}
  void after_wakeup() noexcept {}
  void before_wake(taken_cpus& /*cpus*/) noexcept {}
};

#endif

}  // namespace parloop::inline v0_2::detail
