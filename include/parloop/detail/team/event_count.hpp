// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The workers of a team that sleep: how many they are, waking them, and how long that takes. For detail/team/team.hpp.
#pragma once

#include "../base/atomic.hpp"
#include "../base/compare.hpp"
#include "../base/futex.hpp"
#include "../base/ticks.hpp"
#include "learned_time.hpp"
#include "scoped_event.hpp"

namespace parloop::inline v0_2::detail {

/// From waking a worker until it begins, on the 2-core machine class; 45-100 us when it slept for 2 ms.
inline constexpr std::chrono::nanoseconds usual_delay_of_sleeper = std::chrono::microseconds(30);

/// How many workers sleep, and a semaphore that they sleep on. A worker calls prepare_wait, looks for work once more,
/// and then either cancel_wait or sleep until it is notified; callers of loops publish work, and then call notify.
///
/// No wake-up is lost, because prepare_wait and fence_and_count change one variable: the worker is counted and gets a
/// permit, or it finds the work when it looks once more (PROOF.md, lemma 1). Each thread that wakes takes as many
/// sleepers off the count as it gives permits, so a permit never serves nobody (lemma 2).
class event_count {
 public:
  /// How many sleep, or are about to, and nobody has decided to wake.
  [[nodiscard]] int count() const noexcept { return count_.load(memory_order_relaxed); }

  /// The same, certain of every worker that is about to sleep: it is counted, or finds what the caller wrote before.
  [[nodiscard]] int fence_and_count() noexcept {
    // Release: pairs with the acquire in prepare_wait, for a worker that comes later; one that came before is counted,
    // as this changes the newest value. All that change the count read and write in one step, so what comes in between
    // may be relaxed (PROOF.md, lemma 1).
    return count_.fetch_add(0, memory_order_release);
  }

  /// From the decision to wake a sleeper until it runs.
  [[nodiscard]] ticks delay() const noexcept { return delay_.expected(now()); }
  /// The same, as last measured; 0: never.
  [[nodiscard]] ticks last_delay() const noexcept { return delay_.last(); }

  /// Wakes up to `most`; returns how many. Makes no system call when none sleeps.
  [[gnu::noinline]] int notify(int most) noexcept {
    int asleep = count();
    while (true) {
      const int woken = smaller(asleep, most);
      if (woken <= 0) return 0;
      // Each sleeper taken off the count gets exactly one permit, so a permit never serves nobody. Relaxed: see above.
      if (count_.compare_exchange_weak(asleep, asleep - woken, memory_order_relaxed)) {
        const scoped_event waking(thread_event::waking, this, woken);
        note_waking();
        permits_.release(woken);
        return woken;
      }
    }
  }

  /// After this, every worker that sleeps or falls asleep has seen what the caller wrote before.
  [[gnu::cold]] void notify_all() noexcept { notify(fence_and_count()); }

  // --- for the worker that falls asleep ---

  /// Counts the calling worker, which then has to look for work once more.
  void prepare_wait() noexcept { count_.fetch_add(1, memory_order_acquire); }  // pairs with fence_and_count

  /// Takes the calling worker off the count; false when somebody has done so already, whose permit it takes.
  [[gnu::cold]] bool cancel_wait() noexcept {
    int asleep = count();
    while (asleep > 0) {
      if (count_.compare_exchange_weak(asleep, asleep - 1, memory_order_relaxed)) return true;  // see above
    }
    while (!permits_.try_acquire()) permits_.wait();
    woken_at_.store(0, memory_order_relaxed);  // it did not sleep
    return false;
  }

  /// Whether the calling worker has been woken.
  [[nodiscard]] bool notified() noexcept { return permits_.try_acquire(); }

  /// Sleep; may return early, so callers look again.
  void sleep() noexcept { permits_.wait(); }
  void sleep_for(std::chrono::nanoseconds limit) noexcept { permits_.wait_for(limit); }

  /// The calling worker slept and runs again.
  void note_awake() noexcept {
    const ticks woken = woken_at_.exchange(0, memory_order_relaxed);
    if (woken != 0) delay_.note(woken, now());
  }

 private:
  /// A loop's caller may wake twice, the second time for those that have not come: they take since the first.
  void note_waking() noexcept {
    // Relaxed: a hint, published by the permits.
    if (woken_at_.load(memory_order_relaxed) == 0) woken_at_.store(now(), memory_order_relaxed);
  }

  atomic<int> count_{0};
  semaphore permits_;
  atomic<ticks> woken_at_{0};  // since when the first is on its way; 0: nobody is
  learned_time delay_{usual_delay_of_sleeper};
};

}  // namespace parloop::inline v0_2::detail
