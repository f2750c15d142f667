// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A thread that gangs take for themselves, each for as long as the gang runs; it sleeps in between. For
/// detail/team/gang_pool.hpp; the protocol is in GANG.md.
#pragma once

#include <utility>

#include "../../idle.hpp"
#include "../base/atomic.hpp"
#include "../base/compare.hpp"
#include "../base/fork.hpp"
#include "../base/futex.hpp"
#include "../base/patience.hpp"
#include "../base/thread.hpp"
#include "gang_affinity.hpp"
#include "gang_seat.hpp"
#include "scoped_event.hpp"

namespace parloop::inline v0_2::detail {

/// A thread, or the place of one, and the mailbox by which it is told what to run. Lives until the process ends.
class gang_thread : public gang_seat {
 public:
  gang_thread() = default;
  gang_thread(const gang_thread&) = delete;
  gang_thread& operator=(const gang_thread&) = delete;
  ~gang_thread() = default;

  /// Takes it for the calling thread's gang, until give_back; false when another has it, or when there is a thread or
  /// none, and it is the other that is wanted.
  [[nodiscard]] bool take(bool with_thread) noexcept {
    owner free = with_thread ? owner::nobody : owner::no_thread;
    if (owner_.load(memory_order_relaxed) != free) return false;
    // Acquire: pairs with the releases in give_back and leave.
    if (!owner_.compare_exchange_strong(free, owner::taken, memory_order_acquire, memory_order_relaxed)) return false;
    exists_ = with_thread;
    return true;
  }
  /// Only what was taken, when nothing runs on it.
  void give_back() noexcept {
    const bool may_end = exists_ && afterwards_.what == idle_policy::kind::release;
    owner_.store(exists_ ? owner::nobody : owner::no_thread, memory_order_release);  // pairs with take
    if (!may_end) return;
    // Release: pairs with the acquire by which the thread falls asleep after this, and sees that it may end. One that
    // sleeps already is woken to see it.
    std::uint32_t seen = letter_.fetch_add(0, memory_order_release);
    if (seen == asleep && letter_.compare_exchange_strong(seen, nothing, memory_order_release, memory_order_relaxed)) {
      wake_all(letter_);  // the next gang's caller may sleep on it by now, too
    }
  }

  /// Starts the thread unless it exists. Returns 0, or the system's error number.
  [[nodiscard, gnu::cold]] int ensure() noexcept {
    if (exists_) return 0;
    letter_.store(nothing, memory_order_relaxed);  // published by the start of the thread
    const int error = thread_.start(&live, this);
    exists_ = error == 0;
    return error;
  }

  /// Runs function(argument, seat) on the thread, once; then it idles as `afterwards` says.
  void hand_over(void (*function)(void*, gang_seat&) noexcept, void* argument, idle_policy afterwards, bool crowded,
                 taken_cpus& cpus) noexcept {
    function_ = function;
    argument_ = argument;
    afterwards_ = afterwards;
    crowded_ = crowded;
    // Acquire: pairs with the release by which it fell asleep. It stays so now, also when the gang that had it before
    // has yet to tell it that it may end.
    std::uint32_t seen = asleep;
    if (letter_.load(memory_order_relaxed) == asleep &&
        letter_.compare_exchange_strong(seen, steered, memory_order_acquire, memory_order_relaxed)) {
      affinity_.before_wake(cpus);
    }
    // Release: pairs with the acquire in next_letter; the thread sees what stands above.
    if (const std::uint32_t before = letter_.exchange(work, memory_order_release);
        before == asleep || before == steered) {
      const scoped_event waking(thread_event::waking, this);
      wake_one(letter_);
    }
  }

  /// Returns when that has run, at once in a forked child, where the thread does not exist.
  void wait(patience polling, std::uint32_t generation) noexcept {
    while (generation == fork_generation.load(memory_order_relaxed)) {
      std::uint32_t seen = letter_.load(memory_order_acquire);  // pairs with the exchange in work_on
      if (seen != work && seen != work_awaited) return;
      if (polling.again()) continue;
      // Relaxed: if it fails the loop looks again.
      if (seen == work) letter_.compare_exchange_strong(seen, work_awaited, memory_order_relaxed);
      const scoped_event waiting(thread_event::waiting, this);
      wait_on(letter_, work_awaited);
    }
  }

  atomic<gang_thread*> newer{nullptr};  // constant once there is one

 private:
  enum class owner : int { nobody, taken, no_thread };
  /// What the mailbox has. Only the gang that has taken the thread puts `work`, `work_awaited` and `steered` there; the
  /// thread puts the others, and the gang that gives it back may turn `asleep` into `nothing`.
  static constexpr std::uint32_t nothing = 0;
  static constexpr std::uint32_t asleep = 1;        // nothing, and the thread sleeps
  static constexpr std::uint32_t work = 2;          // the thread is at it
  static constexpr std::uint32_t work_awaited = 3;  // and who handed it over sleeps until it is done
  static constexpr std::uint32_t steered = 4;       // the thread sleeps, and its next gang says where it is to wake

  [[gnu::cold]] static void live(void* self) noexcept {
    const scoped_event living(thread_event::living);
    static_cast<gang_thread*>(self)->live();
  }

  void live() noexcept {
    idle_policy policy = idle::park();
    ticks longest_poll = 0;
    ticks idle_since = now();
    affinity_.begin();
    while (next_letter(policy, longest_poll, idle_since)) {
      const ticks gap = now() - idle_since;
      function_(argument_, *this);
      policy = afterwards_;  // here, as the next gang may change it from the exchange on
      longest_poll = crowded_ ? 0 : longest_spin(policy, gap);
      idle_since = now();
      // Release: pairs with the acquire in wait; the caller sees what the member wrote.
      if (letter_.exchange(nothing, memory_order_release) == work_awaited) {
        const scoped_event waking(thread_event::waking, this);
        wake_one(letter_);
      }
    }
  }

  /// False when the thread is to end, and has no place any more.
  [[nodiscard]] bool next_letter(const idle_policy& policy, ticks longest_poll, ticks idle_since) noexcept {
    patience polling(longest_poll, false, on_cpu);
    bool slept = false;
    while (true) {
      std::uint32_t seen = letter_.load(memory_order_acquire);  // pairs with the exchange in hand_over
      if (seen == work || seen == work_awaited) {
        if (slept) affinity_.after_wakeup();
        return true;
      }
      if (seen == nothing) {
        if (polling.again()) continue;
        affinity_.before_sleep();
        // Acquire, release: pair with those in give_back and hand_over. If it fails the loop looks again.
        if (!letter_.compare_exchange_strong(seen, asleep, memory_order_acq_rel, memory_order_acquire)) continue;
        slept = true;
        seen = asleep;
      }
      const scoped_event parked(thread_event::parked, this);
      if (policy.what != idle_policy::kind::release || seen == steered) {  // that is not for long
        wait_on(letter_, seen);
        continue;
      }
      const ticks left = to_ticks(policy.time) - (now() - idle_since);
      if (left > 0) {
        wait_on_for(letter_, asleep, to_nanoseconds(left));
      } else if (leave()) {
        return false;
      } else {
        wait_on(letter_, asleep);  // a gang has it, and hands over work or gives it back
      }
    }
  }

  /// Gives up the place, unless it is taken. The thread touches nothing of it afterwards.
  [[nodiscard, gnu::cold]] bool leave() noexcept {
    worker_thread self = std::move(thread_);
    owner free = owner::nobody;
    // Release: pairs with take. Relaxed, if it fails: who has taken the place does not touch thread_.
    if (owner_.compare_exchange_strong(free, owner::no_thread, memory_order_release, memory_order_relaxed)) {
      self.detach_self();
      return true;
    }
    thread_ = std::move(self);
    return false;
  }

  /// How long a thread polls after a gang, when it idled for `gap` before.
  [[nodiscard]] static ticks longest_spin(const idle_policy& policy, ticks gap) noexcept {
    if (policy.what == idle_policy::kind::spin) return to_ticks(idle::default_longest_spin);
    const ticks longest = policy.what == idle_policy::kind::adaptive ? to_ticks(policy.time) : 0;
    return gap <= longest ? longest : 0;
  }

  alignas(64) atomic<std::uint32_t> letter_{nothing};
  bool crowded_ = true;
  gang_affinity affinity_;
  idle_policy afterwards_ = idle::park();
  void (*function_)(void*, gang_seat&) noexcept = nullptr;
  void* argument_ = nullptr;

  alignas(64) atomic<owner> owner_{owner::taken};  // by who makes it
  bool exists_ = false;                            // for who has taken it
  worker_thread thread_;
};

}  // namespace parloop::inline v0_2::detail
