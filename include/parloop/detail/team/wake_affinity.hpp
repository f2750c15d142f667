// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Keeps woken workers off the CPU of the thread that wakes them, where the system is seen to put them there. For
/// detail/team/team.hpp.
#pragma once

#include <cstdint>

#include "../base/atomic.hpp"
#include "../base/current_cpu.hpp"
#include "../base/ticks.hpp"
#include "affinity_plan.hpp"

namespace parloop::inline v0_2::detail {

#if defined(__linux__) && !defined(PARLOOP_PORTABLE)

/// Linux puts a woken thread on an idle CPU if it sees one. In a virtual machine it may see none, because a halted CPU
/// counts as taken away (`available_idle_cpu` in kernel/sched); the thread then wakes where it fell asleep, or on the
/// CPU of its waker (`wake_affine`). If that is the CPU of a loop's caller, the worker waits behind it until the loop
/// has ended, beside a CPU that has nothing to do. New threads fare the same way.
///
/// Whether that happens here is learned: a worker that wakes or begins where its waker or another worker runs, while a
/// CPU that it may use is free, has been misplaced. From the second time on wakers steer: they take the CPUs that are
/// in use from what the sleeper or the new thread may use, which it puts back when it runs. Until then nothing is asked
/// of the system.
template <class System>
class basic_wake_affinity {
 public:
  /// Throws `std::bad_alloc`.
  [[gnu::cold]] explicit basic_wake_affinity(int workers)
      : basic_wake_affinity(workers, new slot[static_cast<std::size_t>(workers)]) {
    plans_ = new plan[static_cast<std::size_t>(workers)];  // if that throws, the destructor is called
  }
  basic_wake_affinity(const basic_wake_affinity&) = delete;
  basic_wake_affinity& operator=(const basic_wake_affinity&) = delete;
  [[gnu::cold]] ~basic_wake_affinity() {
    delete[] slots_;
    delete[] plans_;
  }

  /// Whether wakers steer.
  [[nodiscard]] bool steers() const noexcept { return System::misplaced.load(memory_order_relaxed) >= enough; }
  /// They do from now on, as if workers had been misplaced: for tests.
  void steer_always() noexcept { System::misplaced.store(enough, memory_order_relaxed); }

  // --- for workers, with their numbers ---

  /// A thread begins to be this worker, before anything else.
  void begin(int number) noexcept {
    plans_[number].thread = System::current_thread();
    after_wakeup(number);
  }

  /// The worker is about to sleep.
  void before_sleep(int number) noexcept {
    // Relaxed: published by the release below.
    slots_[number].order.store(next_order_.fetch_add(1, memory_order_relaxed), memory_order_relaxed);
    // Release: pairs with the acquire in steer: who steers this worker sees which thread it is, and that it has read
    // what the last one wrote.
    slots_[number].state.store(current_place() | asleep, memory_order_release);
  }

  /// After before_sleep, before anything else; returns whether the worker was steered.
  [[gnu::noinline]] bool after_sleep(int number) noexcept {
    atomic<std::uint32_t>& mine = slots_[number].state;
    // Acquire, here and below: pairs with the releases in steer; who has tried to steer this worker is done with its
    // plan.
    std::uint32_t state = mine.load(memory_order_acquire);
    while (true) {
      if ((state & steered) != 0) {
        plans_[number].restore();
        mine.store(current_place(), memory_order_relaxed);  // nobody else changes the state of one who is awake
        return true;
      }
      if ((state & steering) != 0) {
        yield_cpu();  // somebody makes two system calls
        state = mine.load(memory_order_acquire);
      } else if (mine.compare_exchange_weak(state, current_place(), memory_order_acquire)) {
        return false;
      }
    }
  }

  /// after_sleep for a worker that somebody has woken: it sees whether it has been misplaced.
  void after_wakeup(int number) noexcept {
    if (after_sleep(number) || steers()) return;
    const std::uint32_t here = slots_[number].state.load(memory_order_relaxed) & place_mask;
    bool shared = here == waker_.load(memory_order_relaxed);
    for (int i = 0; !shared && i < size_; ++i) shared = i != number && awake_at(i) == here;
    if (shared && another_is_free()) System::misplaced.fetch_add(1, memory_order_relaxed);
  }

  /// The worker is awake and is to stay so, but on a CPU that the thread it waits for needs: it goes to one that none
  /// of the team's threads uses, if there is one, and may then use what it might before. Once a millisecond at most, as
  /// the system may have its reasons to send it back.
  [[gnu::cold, gnu::noinline]] void step_aside(int number) noexcept {
    plan& p = plans_[number];  // nobody else uses that of one who is awake
    const ticks time = now();
    if (time < p.stays_until) return;
    p.stays_until = time + to_ticks(std::chrono::milliseconds(1));
    if (!System::get(0, p.before)) return;
    p.after = cpus_without(p.before, in_use(current_place()));
    if (CPU_COUNT(&p.after) == 0 || !System::set(0, p.after)) return;
    p.restore();
    slots_[number].state.store(current_place(), memory_order_relaxed);
  }

  // --- for who starts and wakes them ---

  /// The calling thread is about to start this worker, which then waits in begin, if it is to be steered, until one of
  /// the next two is called.
  [[gnu::cold]] void before_start(int number) noexcept {
    waker_.store(current_place(), memory_order_relaxed);
    // Relaxed: published by the start of the thread.
    slots_[number].state.store(steers() ? nowhere | steering : nowhere, memory_order_relaxed);
  }
  [[gnu::cold]] void not_started(int number) noexcept { slots_[number].state.store(nowhere, memory_order_relaxed); }
  /// It was: `started` is its handle.
  template <class Thread>
  [[gnu::cold]] void after_start(int number, Thread& started) noexcept {
    atomic<std::uint32_t>& state = slots_[number].state;
    if ((state.load(memory_order_relaxed) & steering) == 0) return;  // nobody else changes it while it is set
    plan& p = plans_[number];
    const std::uint32_t here = waker_.load(memory_order_relaxed);
    // A new thread may use what its starter may.
    const bool changed = System::get(0, p.before) && p.leave(in_use(here), here) && System::set(started, p.after);
    state.store(changed ? nowhere | steered : nowhere, memory_order_release);  // pairs with the acquires in after_sleep
  }

  /// The calling thread is about to wake `count` sleepers. They are taken to be those that sleep longest, as the system
  /// keeps them in a queue; one that is steered and not woken is the next to be.
  void before_wake(int count) noexcept {
    const std::uint32_t here = current_place();
    waker_.store(here, memory_order_relaxed);
    if (steers()) steer(here, count);
  }

 private:
  // A slot's state is the CPU where the worker lay down or got up, and one of these bits, or none: it is awake. The
  // worker sets asleep, and clears all; who wakes it changes asleep to steering, and that to steered or, when nothing
  // was changed, back.
  static constexpr std::uint32_t asleep = 1U << 16;
  static constexpr std::uint32_t steering = 1U << 17;
  static constexpr std::uint32_t steered = 1U << 18;
  static constexpr std::uint32_t place_mask = asleep - 1;
  static_assert(nowhere == place_mask);
  static constexpr int enough = 2;  // one may be a chance: another program ran on the free CPU for a moment

  struct plan : affinity_plan<System> {
    ticks stays_until = 0;  // before that it does not step aside again
  };
  struct slot {
    atomic<std::uint32_t> state{nowhere};
    atomic<std::uint32_t> order{0};  // who lay down first; wraps round
  };
  [[nodiscard]] static std::uint32_t current_place() noexcept { return to_place(System::current_cpu()); }

  /// Where this worker is awake; nowhere, if it sleeps. A hint, so relaxed.
  [[nodiscard]] std::uint32_t awake_at(int number) const noexcept {
    const std::uint32_t state = slots_[number].state.load(memory_order_relaxed);
    return (state & ~place_mask) != 0 ? nowhere : state;
  }

  /// The CPUs where the team's threads are awake, as far as they are known, and that of who wakes them.
  [[nodiscard, gnu::cold]] cpu_set_t in_use(std::uint32_t waker) const noexcept {
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    add_place(cpus, waker);
    for (int i = 0; i < size_; ++i) add_place(cpus, awake_at(i));
    return cpus;
  }

  [[gnu::cold, gnu::noinline]] bool another_is_free() const noexcept {
    cpu_set_t mine;
    if (!System::get(0, mine)) return false;
    const cpu_set_t left = cpus_without(mine, in_use(waker_.load(memory_order_relaxed)));
    return CPU_COUNT(&left) > 0;
  }

  [[gnu::cold, gnu::noinline]] void steer(std::uint32_t here, int count) noexcept {
    cpu_set_t used = in_use(here);
    const std::uint32_t newest = next_order_.load(memory_order_relaxed);
    std::uint32_t least_age = 0;  // of those that were looked at; 0: none yet
    for (; count > 0; --count) {
      int oldest = -1;
      std::uint32_t age = 0;
      for (int i = 0; i < size_; ++i) {
        const std::uint32_t its = newest - slots_[i].order.load(memory_order_relaxed);
        const bool sleeps = (slots_[i].state.load(memory_order_relaxed) & asleep) != 0;  // the exchange decides
        if (sleeps && its > age && (least_age == 0 || its < least_age)) {
          oldest = i;
          age = its;
        }
      }
      if (oldest < 0) return;
      least_age = age;
      atomic<std::uint32_t>& state = slots_[oldest].state;
      std::uint32_t seen = state.load(memory_order_relaxed);
      const std::uint32_t place = seen & place_mask;
      // Acquire: pairs with the release in before_sleep.
      if ((seen & asleep) != 0 &&
          state.compare_exchange_strong(seen, place | steering, memory_order_acquire, memory_order_relaxed)) {
        const std::uint32_t result = plans_[oldest].apply(place, here, used) ? steered : asleep;
        state.store(place | result, memory_order_release);  // pairs with the acquires in after_sleep
      }
    }
  }

  basic_wake_affinity(int workers, slot* slots) noexcept : size_(workers), slots_(slots) {}

  int size_;
  slot* const slots_;  // close together: who wakes reads them all
  plan* plans_ = nullptr;
  atomic<std::uint32_t> waker_{nowhere};  // where a thread last woke workers; a hint
  atomic<std::uint32_t> next_order_{1};
};

using wake_affinity = basic_wake_affinity<system_affinity>;

#else

class wake_affinity {
 public:
  explicit wake_affinity(int /*workers*/) noexcept {}
  void begin(int /*number*/) noexcept {}
  void before_start(int /*number*/) noexcept {}
  void not_started(int /*number*/) noexcept {}
  template <class Thread>
  void after_start(int /*number*/, Thread& /*started*/) noexcept {}
  void before_sleep(int /*number*/) noexcept {}
  bool after_sleep(int /*number*/) noexcept { return false; }
  void after_wakeup(int /*number*/) noexcept {}
  void step_aside(int /*number*/) noexcept {}
  void before_wake(int /*count*/) noexcept {}
};

#endif

}  // namespace parloop::inline v0_2::detail
