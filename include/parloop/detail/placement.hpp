// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// On which CPUs sleeping workers wake: none on that of who wakes them. For detail/sleepers.hpp.
#pragma once

#include <cstdint>

#include "atomic.hpp"
#include "current_cpu.hpp"

#if defined(__linux__)
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace parloop::inline v0::detail {

#if defined(__linux__)

/// Linux wakes a thread where it fell asleep, if it sees no idle CPU for it; in a virtual machine it sees none, because
/// a halted CPU counts as taken away (`available_idle_cpu` in kernel/sched). If the waker runs there by now, the woken
/// thread waits for the end of its time slice, milliseconds, beside a CPU that has nothing to do. So sleepers that fell
/// asleep on the waker's CPU, or two on one, are moved first: by what they may use, which they put back when they wake.
class placement {
 public:
  /// Throws `std::bad_alloc`.
  [[gnu::cold]] explicit placement(int workers) : placement(workers, new bed[static_cast<std::size_t>(workers)]) {
    moves_ = new move[static_cast<std::size_t>(workers)];  // if that throws, the destructor is called
  }
  placement(const placement&) = delete;
  placement& operator=(const placement&) = delete;
  [[gnu::cold]] ~placement() {
    delete[] beds_;
    delete[] moves_;
  }

  // --- for workers, with their numbers ---

  void lie_down(int number) noexcept {
    moves_[number].thread = static_cast<pid_t>(::syscall(SYS_gettid));
    const auto cpu = static_cast<std::uint32_t>(::sched_getcpu());  // nowhere, if it is not known
    // Release: pairs with the acquire in move_apart: who moves this worker sees which it is, and that it has read what
    // the last one wrote.
    beds_[number].state.store(cpu <= last_cpu ? cpu | asleep : nowhere, memory_order_release);
  }

  /// After lie_down, before anything else.
  void get_up(int number) noexcept {
    atomic<std::uint32_t>& mine = beds_[number].state;
    // Acquire: pairs with the releases in move_apart; who has tried to move this worker is done with its entry.
    for (std::uint32_t state = mine.load(memory_order_acquire); state != nowhere;) {
      if ((state & moved) != 0) return put_back(number);
      if ((state & moving) != 0) {
        give_way();  // somebody makes two system calls
        state = mine.load(memory_order_acquire);
      } else if (mine.compare_exchange_weak(state, state & last_cpu, memory_order_acquire)) {
        return;
      }
    }
  }

  // --- for who wakes them ---

  /// Moves those who sleep on the caller's CPU, and all but one who sleep on any other.
  void spread() noexcept {
    const int here = ::sched_getcpu();
    if (here < 0 || here >= CPU_SETSIZE) return;
    cpu_set_t taken;
    CPU_ZERO(&taken);
    CPU_SET(here, &taken);
    bool crowded = false;
    for (int i = 0; i < size_; ++i) {
      const std::uint32_t state = beds_[i].state.load(memory_order_relaxed);  // a hint
      const std::uint32_t cpu = state & last_cpu;
      if (cpu >= CPU_SETSIZE) continue;
      crowded |= (state & asleep) != 0 && CPU_ISSET(cpu, &taken) != 0;
      CPU_SET(cpu, &taken);
    }
    if (crowded) move_apart(here, taken);
  }

 private:
  // A worker's state is the CPU where it last fell asleep, and one of these bits, or none: it is awake. The worker sets
  // asleep, and clears all; who wakes it changes asleep to moving, and that to moved or, when it cannot be moved, back.
  static constexpr std::uint32_t asleep = 1U << 16;
  static constexpr std::uint32_t moving = 1U << 17;
  static constexpr std::uint32_t moved = 1U << 18;
  static constexpr std::uint32_t last_cpu = asleep - 1;
  static constexpr std::uint32_t nowhere = last_cpu;

  struct bed {
    atomic<std::uint32_t> state{nowhere};
  };
  /// Written by the worker itself, and by who moves it.
  struct move {
    pid_t thread = 0;
    cpu_set_t before;  // what the thread might use
    cpu_set_t after;   // what it may use until it wakes
  };

  [[gnu::cold]] void move_apart(int here, cpu_set_t& taken) noexcept {
    cpu_set_t seen;
    CPU_ZERO(&seen);
    CPU_SET(here, &seen);
    for (int i = 0; i < size_; ++i) {
      std::uint32_t state = beds_[i].state.load(memory_order_relaxed);  // the exchange decides
      const std::uint32_t cpu = state & last_cpu;
      if (cpu >= CPU_SETSIZE) continue;
      // Acquire: pairs with the release in lie_down.
      if (CPU_ISSET(cpu, &seen) != 0 && (state & asleep) != 0 &&
          beds_[i].state.compare_exchange_strong(state, cpu | moving, memory_order_acquire, memory_order_relaxed)) {
        const std::uint32_t result = change(moves_[i], taken) ? moved : asleep;
        beds_[i].state.store(cpu | result, memory_order_release);  // pairs with the acquire in get_up
      }
      CPU_SET(cpu, &seen);
    }
  }

  /// Leaves the sleeper all CPUs but those that are taken, and takes the first of them, which is where Linux then wakes
  /// it, if it sees no idle one. False when there is none, or the system does not allow it.
  [[gnu::cold]] static bool change(move& m, cpu_set_t& taken) noexcept {
    if (::sched_getaffinity(m.thread, sizeof m.before, &m.before) != 0) return false;
    int first = -1;
    for (int cpu = CPU_SETSIZE - 1; cpu >= 0; --cpu) {
      const bool free = CPU_ISSET(cpu, &m.before) != 0 && CPU_ISSET(cpu, &taken) == 0;
      if (free) first = cpu;
      free ? CPU_SET(cpu, &m.after) : CPU_CLR(cpu, &m.after);
    }
    if (first < 0) return false;
    CPU_SET(first, &taken);
    return ::sched_setaffinity(m.thread, sizeof m.after, &m.after) == 0;
  }

  /// Unless somebody has changed it in between.
  [[gnu::cold]] void put_back(int number) noexcept {
    const move& m = moves_[number];
    cpu_set_t now;
    if (::sched_getaffinity(0, sizeof now, &now) == 0 && CPU_EQUAL(&now, &m.after)) {
      ::sched_setaffinity(0, sizeof m.before, &m.before);
    }
    beds_[number].state.store(nowhere, memory_order_relaxed);  // it was moved; lie_down is next
  }

  placement(int workers, bed* beds) noexcept : size_(workers), beds_(beds) {}

  int size_;
  bed* const beds_;  // close together: who wakes reads them all
  move* moves_ = nullptr;
};

#else

class placement {
 public:
  explicit placement(int /*workers*/) noexcept {}
  void lie_down(int /*number*/) noexcept {}
  void get_up(int /*number*/) noexcept {}
  void spread() noexcept {}
};

#endif

}  // namespace parloop::inline v0::detail
