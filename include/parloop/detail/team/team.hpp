// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A team of worker threads that helps callers of loops and sleeps in between. For fork_join.hpp and team_backend.hpp.
#pragma once

#include "../../backend.hpp"
#include "../base/atomic.hpp"
#include "../base/compare.hpp"
#include "../base/ticks.hpp"
#include "bursts.hpp"
#include "cost_model.hpp"
#include "event_count.hpp"
#include "followed_quota.hpp"
#include "idle_rule.hpp"
#include "job_slots.hpp"
#include "scoped_event.hpp"
#include "task_queue.hpp"
#include "wake_affinity.hpp"
#include "worker_threads.hpp"

namespace parloop::inline v0_2::detail {

/// The workers of one backend. Any number of threads may run loops on it at once: each makes a `fork_join`, which opens
/// a door and asks for workers; a worker that has none inside looks for a door with room, spins as its policy says, and
/// sleeps. `job_slots` has the doors, `worker_threads` the threads, `event_count` the sleepers, `wake_affinity` CPUs.
///
/// No wake-up is lost, because a worker counts itself before it looks at the doors for the last time (park), and a
/// caller opens its door before it reads that count in one step with changing it (ensure_workers): one of the two comes
/// first, and the other sees it. IDLE.md has the protocol, PROOF.md its proof.
class team {
 public:
  /// Starts no thread. `cpus` are for the workers and a caller; `quota`, or null, may allow less. Throws `bad_alloc`.
  [[gnu::cold]] team(int workers, idle_policy idle, int cpus, nested_loops nested = nested_loops::in_their_caller,
                     followed_quota* quota = nullptr)
      : slots_(workers),
        places_(workers),
        nested_(nested),
        free_cpus_(smaller(workers, cpus - 1)),
        quota_(quota),
        workers_(workers, &run_worker, this, places_) {
    set_idle(idle);
  }
  team(const team&) = delete;
  team& operator=(const team&) = delete;

  /// Ends the threads. No loop may be running, and no task be left.
  [[gnu::cold]] ~team() {
    slots_.close();
    asleep_.notify_all();
    workers_.end_all();
  }

  /// False in a forked child: nothing of the team may be touched any more.
  [[nodiscard]] bool exists_here() const noexcept { return workers_.exists_here(); }
  [[nodiscard]] nested_loops nested() const noexcept { return nested_; }

  /// Takes effect at once: sleeping workers wake to follow it.
  [[gnu::cold]] void set_idle(idle_policy idle) noexcept {
    idle_.set(idle);
    asleep_.notify_all();
  }

  /// Returns when all launched work that nobody waits for has ended.
  void wait_for_detached() noexcept { launched_.wait_for_detached(*this); }

  [[nodiscard]] int threads() const noexcept { return workers_.threads(); }
  [[nodiscard]] int failures() const noexcept { return workers_.failures(); }
  /// From asking for the first thread until it ran; 0: it never did.
  [[nodiscard]] ticks delay_of_first_thread() const noexcept { return workers_.delay_of_first(); }
  /// From waking a worker until it ran, as last measured; 0: never.
  [[nodiscard]] ticks last_delay_of_sleeper() const noexcept { return asleep_.last_delay(); }
  /// Whether as many loops run as can be helped; one more has to be run by its caller alone.
  [[nodiscard]] bool is_full() const noexcept { return slots_.full(); }
  [[nodiscard]] help_offered help() const noexcept {
    const int exist = threads();
    if (exist == 0) return {cost_of_new_thread};
    // When all work elsewhere, in shared nested loops, asking is worth as much as if they slept: one may come soon.
    if (asleep_.count() + busy() < exist) return {cost_of_awake_worker, true};
    return {cost_of_waking + to_nanoseconds(asleep_.delay()) / 2};
  }

  /// How long after a loop is published a worker begins, roughly.
  [[nodiscard]] std::chrono::nanoseconds head_start() const noexcept {
    return asleep_.count() < threads() ? delay_of_awake_worker : to_nanoseconds(asleep_.delay());
  }

  /// How many of `most` workers should help with a loop of `work` in all; zero: not known.
  [[nodiscard]] int helpers_that_pay(int most, std::chrono::nanoseconds work) const noexcept {
    return detail::helpers_that_pay(most, work, awake(), free_cpus_);
  }

  class fork_join;  // one loop's use of the team
  class launching;  // that of launched work
  class burst;

 private:
  /// Wakes `missing` sleeping workers, or starts threads while there are too few.
  [[gnu::noinline]] void request_workers(int missing) noexcept {
    if (missing <= 0) return;
    const int woken = wake(smaller(missing, woken_at_once));
    if (missing > woken && threads() < workers_.size()) workers_.start_one(slots_.wanted());
  }

  int wake(int most) noexcept {
    if (const int count = smaller(asleep_.count(), most); count > 0) places_.before_wake(count);
    return asleep_.notify(most);
  }

  // --- a worker's life ---
  [[gnu::cold]] static void run_worker(void* self, int number) noexcept { static_cast<team*>(self)->work(number); }

  void work(int number) noexcept {
    places_.begin(number);
    start_others(number);
    idling idle{now(), bursts_.begun()};
    bool loops_first = false;  // they and tasks take turns
    while (!slots_.closed()) {
      door* const d = slots_.with_room(number);
      if (tasks_.has_tasks() && (d == nullptr || !loops_first) && launched_.run_first(*this)) {
        loops_first = true;
        idle = {now(), bursts_.begun()};
        continue;
      }
      loops_first = false;
      if (d != nullptr) {
        if (const int participant = d->enter(number); participant != 0) {
          help(*d, number, participant);
          idle = {now(), bursts_.begun()};
          continue;
        }
      }
      if (quota_ != nullptr && quota_->is_due(idle.since)) quota_->ask(idle.since);
      if (spin(number, idle)) continue;
      if (!park(number, idle.bursts)) return;
      idle = {now(), bursts_.begun()};
      if (bursts_.longest() != 0) wake(smaller(2, free_cpus_ - awake()));
    }
  }

  struct idling {
    ticks since;
    std::uint32_t bursts;  // how many had begun then
  };

  /// A tree, but only while a loop wants more: else released threads would go on making each other for ever.
  [[gnu::cold]] void start_others(int number) noexcept {
    for (int i = 0; i < 2; ++i) {
      const int awake = bursts_.longest() != 0 ? free_cpus_ : 0;
      const int tasks = tasks_.has_tasks() ? tasks_.unfinished() : 0;
      if (awake + tasks > 0 || slots_.with_room(number) != nullptr) {
        workers_.start_one(larger(awake, tasks + slots_.wanted()));
      }
    }
  }

  void help(door& d, int number, int participant) noexcept {
    const bool counted = nested_ == nested_loops::shared;
    if (counted) busy_.fetch_add(1, memory_order_relaxed);  // a hint, see help_offered
    if (d.has_room(number) && asleep_.count() > 0) wake(smaller(2, d.wanted() - awake()));  // each brings two
    d.take_part(participant);
    d.leave(participant);
    if (counted) busy_.fetch_sub(1, memory_order_relaxed);
  }

  /// Workers that run tasks, and those inside a loop, which are counted where nested loops are shared.
  [[nodiscard]] int busy() const noexcept { return busy_.load(memory_order_relaxed) + tasks_.running(); }
  [[nodiscard]] int awake() const noexcept { return larger(threads() - asleep_.count(), 0); }

  [[nodiscard]] bool is_wanted(int number) noexcept {
    return slots_.with_room(number) != nullptr || tasks_.has_tasks() || slots_.closed();
  }

  /// Polls until a loop has room (true), or the time is up, or the caller needs this CPU (false).
  [[gnu::noinline]] bool spin(int number, idling& idle) noexcept {
    for (std::uint32_t loops = slots_.loops();;) {
      if (number >= smaller(free_cpus_, quota_ != nullptr ? quota_->threads() - 1 : free_cpus_)) return false;
      if (slots_.caller_is_here()) {
        if (!idle_.always_spins() && bursts_.longest() == 0) return false;
        places_.step_aside(number);  // as nobody wakes it, and steers it
        yield_cpu();
      }
      for (int i = 0; i < 4; ++i, cpu_pause()) {
        if (is_wanted(number)) return true;
      }
      const ticks t = now();
      const ticks gap = smaller(slots_.expected_gap(), tasks_.gap());
      if (t - idle.since < larger(idle_.longest_spin(gap), bursts_.longest())) continue;
      // Time that it was not running for does not count: a loop that it slept through shows that they still come.
      const std::uint32_t loops_now = slots_.loops();
      if (loops_now == loops) return false;
      loops = loops_now;
      idle.since = t;
    }
  }

  /// Sleeps until woken, unless a burst has begun after the first `bursts`; false when the thread is to end.
  [[gnu::cold]] bool park(int number, std::uint32_t bursts) noexcept {
    const auto wanted = [this, number, bursts] { return is_wanted(number) || bursts_.begun() != bursts; };
    asleep_.prepare_wait();
    if (wanted()) {
      asleep_.cancel_wait();
      return true;
    }
    const scoped_event parked(thread_event::parked, &asleep_);
    const ticks since = now();
    places_.before_sleep(number);
    while (!asleep_.notified()) {
      // Looked at again after every wake-up: whoever is woken by set_idle follows it, even if another took the permit.
      if (!idle_.threads_end()) {
        asleep_.sleep();
        continue;
      }
      const ticks left = idle_.time_to_end() - (now() - since);
      if (left <= 0) {
        places_.after_sleep(number);
        if (!asleep_.cancel_wait()) return true;
        if (workers_.retire(number, wanted)) return false;
        start_others(number);  // who kept this thread may have counted it twice: PROOF.md, lemma 3
        return true;
      }
      asleep_.sleep_for(to_nanoseconds(left));
    }
    places_.after_wakeup(number);
    asleep_.note_awake();
    return true;
  }

  [[nodiscard]] ticks longest_join_spin() const noexcept {
    if (free_cpus_ < workers_.size()) return idle_rule::shortest_join_spin();  // who is inside may need this CPU
    return idle_.longest_join_spin();
  }

  job_slots slots_;
  alignas(64) event_count asleep_;  // changes only when workers fall asleep or are woken
  wake_affinity places_;            // where they do
  atomic<int> busy_{0};
  task_queue tasks_;
  task_batch detached_;           // nobody waits for these
  launched_work_service launched_;
  atomic<bool> unserved_{false};  // a thread runs these, as there are no workers
  alignas(64) idle_rule idle_;    // what spinning workers read; hardly ever written
  bursts bursts_;
  nested_loops nested_;
  int free_cpus_;  // workers that can run beside a caller; only so many ever spin
  followed_quota* quota_;
  worker_threads workers_;
};

}  // namespace parloop::inline v0_2::detail
