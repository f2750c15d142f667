// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A team of worker threads that helps the callers of loops and sleeps in between. For the backends that own threads.
/// The protocol, its races and why no wake-up is lost are in IDLE.md.
#pragma once

#include <atomic>
#include <bit>

#include "../idle.hpp"
#include "compare.hpp"
#include "crew.hpp"
#include "door.hpp"
#include "parking.hpp"
#include "ticks.hpp"

namespace parloop::inline v0::detail {

/// What asking a team for help costs, in the sense of backend::fork_cost. Measured on the 2-core machine class: half of
/// what a loop loses between asking and getting help, plus what the asking itself takes.
inline constexpr std::chrono::nanoseconds cost_of_awake_worker = std::chrono::nanoseconds(1200);
inline constexpr std::chrono::nanoseconds cost_of_wake = std::chrono::microseconds(30);
inline constexpr std::chrono::nanoseconds cost_of_new_thread = std::chrono::microseconds(60);

/// How long after a loop was published a worker begins, likewise measured.
inline constexpr std::chrono::nanoseconds delay_of_awake_worker = std::chrono::nanoseconds(600);
inline constexpr std::chrono::nanoseconds delay_of_sleeper = std::chrono::microseconds(30);

/// What becomes of a loop inside a chunk of another: it runs in its caller, or idle workers, and callers that wait for
/// the end of a loop around it, may help.
enum class nested_loops : int { in_their_caller, shared };

class team {
 public:
  /// Most loops that the team helps at the same time; the callers of further ones work alone.
  static constexpr int doors = 16;

  /// Starts no thread. `cpus` are what the workers and a caller may use. Throws `std::bad_alloc`.
  [[gnu::cold]] team(int workers, idle_policy idle, int cpus, nested_loops nested = nested_loops::in_their_caller)
      : nested_(nested), free_cpus_(smaller(workers, cpus - 1)), crew_(workers, &run_worker, this) {
    set_idle(idle);
  }
  team(const team&) = delete;
  team& operator=(const team&) = delete;

  /// Ends the threads. No loop may be running.
  [[gnu::cold]] ~team() {
    front_.stop.store(true, std::memory_order_relaxed);  // published by wake_all; those awake poll it
    wake_all();
    crew_.end_all();
  }

  /// False in a forked child: nothing of the team may be touched any more.
  [[nodiscard]] bool exists_here() const noexcept { return crew_.exists_here(); }
  [[nodiscard]] nested_loops nested() const noexcept { return nested_; }

  /// Takes effect at once: sleeping workers wake to follow it.
  [[gnu::cold]] void set_idle(idle_policy idle) noexcept {
    idle_kind_.store(idle.what, std::memory_order_relaxed);  // what idle workers do affects no result
    idle_time_.store(to_ticks(idle.time), std::memory_order_relaxed);
    wake_all();
  }

  [[nodiscard]] int threads() const noexcept { return crew_.threads(); }
  [[nodiscard]] int failures() const noexcept { return crew_.failures(); }
  /// Threads of these that sleep or are about to.
  [[nodiscard]] int parked() const noexcept { return parked_.load(std::memory_order_relaxed); }

  [[nodiscard]] std::chrono::nanoseconds fork_cost() const noexcept {
    const int exist = threads();
    if (exist == 0) return cost_of_new_thread;
    // When all work elsewhere, in shared nested loops, asking is worth as much as if they slept: one may come soon.
    return parked() + busy() < exist ? cost_of_awake_worker : cost_of_wake;
  }

  /// How long after a loop is published a worker begins, roughly.
  [[nodiscard]] std::chrono::nanoseconds head_start() const noexcept {
    return parked() < threads() ? delay_of_awake_worker : delay_of_sleeper;
  }

  /// How many of `most` workers should help with a loop of `work` in all; zero: not known. As many as are awake, and of
  /// the sleepers as many as that much work pays for; beyond one for each free CPU only where waiting for the CPUs does
  /// not matter, in long loops, whose bodies may block.
  [[nodiscard]] int helpers_that_pay(int most, std::chrono::nanoseconds work) const noexcept {
    if (work.count() <= 0) return most;
    constexpr std::chrono::nanoseconds long_loop = std::chrono::milliseconds(1);
    const auto sleepers = smaller<std::int64_t>(work / (2 * cost_of_wake), most);
    const auto beyond = smaller<std::int64_t>(work / long_loop, most);
    const int awake = threads() - parked();
    const int on_cpus = smaller(free_cpus_, awake + larger(static_cast<int>(sleepers), 1));
    return smaller(most, on_cpus + static_cast<int>(beyond));
  }

  /// One loop's use of the team, for as long as it lives: lets up to `most` workers in and, at its end, waits for those
  /// that came. The caller works meanwhile; it never waits for one that has not come.
  class session {
   public:
    /// `around`: the doors of the loops in whose chunks the caller is, a bit each.
    session(team& t, std::uint32_t around) noexcept : team_(t), around_(around), number_(t.take_door()) {}
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    /// The doors of this loop and of those around it.
    [[nodiscard]] std::uint32_t doors() const noexcept { return number_ < 0 ? around_ : around_ | 1U << number_; }

    /// Once.
    void open(invitation what, int most, std::chrono::nanoseconds next) noexcept {
      if (number_ < 0) return;
      most_ = smaller(smaller(most, team_.crew_.size()), door::most_inside);
      // Relaxed: a guess at when the next loop comes, for workers that are about to idle.
      team_.front_.expected_gap.store(to_ticks(next), std::memory_order_relaxed);
      team_.front_.loops.store(team_.front_.loops.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
      team_.door_at(number_).open(what, most_, around_);
      if (number_ > 0) team_.front_.others_open.fetch_add(1, std::memory_order_relaxed);  // a hint for pollers
      team_.summon(most_ - (team_.threads() - team_.parked() - team_.busy()));
      threads_ = team_.threads();
      for (std::uint32_t left = around_; left != 0; left &= left - 1) {
        team_.door_at(std::countr_zero(left)).call_back();
      }
    }

    /// Looks again for workers that fell asleep or left while the loop was published; to be called once.
    void summon_again() noexcept {
      if (number_ < 0) return;
      if (team_.crew_.threads_for_certain() < threads_) team_.crew_.want(threads_);
      // Release and acquire: this pairs with the fetch_add in park, in either order; see IDLE.md.
      const int asleep = team_.parked_.fetch_add(0, std::memory_order_acq_rel);
      if (asleep > 0) team_.wake(most_ - team_.door_at(number_).inside());
    }

    ~session() {
      if (number_ < 0) return;
      team_.door_at(number_).shut(
          team_.longest_join_spin(), [this] { return !team_.exists_here(); },
          [this] { return team_.help_within(number_); });
      if (number_ > 0) team_.front_.others_open.fetch_sub(1, std::memory_order_relaxed);
      team_.give_door_back(number_);
    }

   private:
    team& team_;
    std::uint32_t around_;
    int number_;
    int most_ = 0;
    int threads_ = 0;  // when it was opened
  };

 private:
  /// What a spinning worker polls: one cache line, written only when loops start and end.
  struct alignas(64) front {
    door first;
    std::atomic<int> others_open{0};
    std::atomic<ticks> expected_gap{0};
    std::atomic<std::uint32_t> loops{0};  // changes when a loop starts; not a count when callers are several
    std::atomic<bool> stop{false};
  };
  struct alignas(64) other_door {
    door d;
  };

  // --- doors ---

  door& door_at(int number) noexcept { return number == 0 ? front_.first : others_[number - 1].d; }

  /// A door that no other caller holds, or -1.
  int take_door() noexcept {
    std::uint32_t taken = doors_taken_.load(std::memory_order_relaxed);
    while (true) {
      const int number = std::countr_one(taken);
      if (number >= doors) return -1;
      // Acquire: pairs with the release in give_door_back; the door's last user is done with it.
      if (doors_taken_.compare_exchange_weak(taken, taken | 1U << number, std::memory_order_acquire,
                                             std::memory_order_relaxed)) {
        return number;
      }
    }
  }

  void give_door_back(int number) noexcept {
    doors_taken_.fetch_and(~(1U << number), std::memory_order_release);  // pairs with the acquire in take_door
  }

  /// A door with room, or null. Workers start at different doors, so that they spread over the callers.
  [[gnu::noinline]] door* find_work(int worker) noexcept {
    if (front_.others_open.load(std::memory_order_relaxed) != 0) {
      for (int i = 0; i < doors; ++i) {
        door& d = door_at((worker + i) % doors);
        if (d.has_room()) return &d;
      }
    }
    return front_.first.has_room() ? &front_.first : nullptr;
  }

  // --- asking for help ---

  /// Wakes `missing` sleeping workers, or starts threads while there are too few.
  [[gnu::noinline]] void summon(int missing) noexcept {
    if (missing <= 0) return;
    // A few at a time: those who come bring more (take_part).
    constexpr int at_once = 4;
    const int woken = wake(smaller(missing, at_once));
    if (missing > woken && threads() < crew_.size()) crew_.want(threads() + missing - woken);
  }

  /// Wakes up to `count` sleeping workers; returns how many. Makes no system call when none sleeps.
  [[gnu::noinline]] int wake(int count) noexcept {
    int asleep = parked_.load(std::memory_order_relaxed);
    while (true) {
      const int woken = smaller(asleep, count);
      if (woken <= 0) return 0;
      // Each sleeper taken off the count gets exactly one permit, so a permit never serves nobody. Release: the counter
      // is passed on to workers that add to it (park); see IDLE.md.
      if (parked_.compare_exchange_weak(asleep, asleep - woken, std::memory_order_acq_rel, std::memory_order_relaxed)) {
        permits_.release(woken);
        return woken;
      }
    }
  }

  /// After this, every worker that sleeps or falls asleep has seen what the caller wrote before.
  [[gnu::cold]] void wake_all() noexcept {
    // Release and acquire: pairs with the fetch_add in park, as summon_again does.
    parked_.fetch_add(0, std::memory_order_acq_rel);
    wake(crew_.size());
  }

  // --- a worker's life ---

  [[gnu::cold]] static void run_worker(void* self, int number) noexcept { static_cast<team*>(self)->work(number); }

  void work(int number) noexcept {
    // A tree, but only while a loop wants more: else released threads would go on making each other for ever.
    for (int i = 0; i < 2 && find_work(number) != nullptr; ++i) crew_.start_one();
    ticks idle_since = now();
    while (!front_.stop.load(std::memory_order_relaxed)) {
      if (door* d = find_work(number); d != nullptr) {
        if (const int participant = d->enter(); participant != 0) {
          help(*d, participant);
          idle_since = now();
          continue;
        }
      }
      if (number < free_cpus_ && spin(number, idle_since)) continue;
      if (!park(number)) return;
      idle_since = now();
    }
  }

  void help(door& d, int participant) noexcept {
    const bool counted = nested_ == nested_loops::shared;
    if (counted) busy_.fetch_add(1, std::memory_order_relaxed);  // a hint, see fork_cost
    if (d.has_room() && parked() > 0) wake(2);                   // a tree: each that comes brings two
    d.take_part(participant);
    d.leave(participant);
    if (counted) busy_.fetch_sub(1, std::memory_order_relaxed);
  }

  /// Workers inside a loop, counted where nested loops are shared.
  [[nodiscard]] int busy() const noexcept { return busy_.load(std::memory_order_relaxed); }

  /// For the caller of the loop at this door, which waits: takes part in a loop nested in it, if there is one with
  /// room. Never in any other, because the caller may hold locks that others want.
  [[gnu::cold]] bool help_within(int number) noexcept {
    if (nested_ != nested_loops::shared) return false;
    std::uint32_t taken = doors_taken_.load(std::memory_order_relaxed);  // a hint; the doors themselves decide
    for (; taken != 0; taken &= taken - 1) {
      door& d = door_at(std::countr_zero(taken));
      if (const int participant = d.has_room() ? d.enter_within(1U << number) : 0; participant != 0) {
        d.take_part(participant);
        d.leave(participant);
        return true;
      }
    }
    return false;
  }

  /// How long a worker that idles now may spin.
  [[nodiscard]] ticks spin_limit() const noexcept {
    constexpr int always = 62;  // 2^62 ticks are decades
    switch (idle_kind_.load(std::memory_order_relaxed)) {
      case idle_policy::kind::spin:
        return ticks{1} << always;
      case idle_policy::kind::adaptive: {
        const ticks longest = idle_time_.load(std::memory_order_relaxed);
        // Not just as long as the gap: an interrupt on the caller's side, tens of microseconds, must not end a series.
        return front_.expected_gap.load(std::memory_order_relaxed) <= longest ? longest : 0;
      }
      case idle_policy::kind::park:
      case idle_policy::kind::release:
        break;
    }
    return 0;
  }

  /// Polls until a loop has room (true) or the time is up (false).
  [[gnu::noinline]] bool spin(int number, ticks idle_since) noexcept {
    std::uint32_t loops = front_.loops.load(std::memory_order_relaxed);
    while (true) {
      for (int i = 0; i < 4; ++i) {
        if (find_work(number) != nullptr || front_.stop.load(std::memory_order_relaxed)) return true;
        relax();
      }
      const ticks t = now();
      if (t - idle_since < spin_limit()) continue;
      // Time that this thread was not running for does not count: a loop that it slept through shows that they still
      // come.
      const std::uint32_t loops_now = front_.loops.load(std::memory_order_relaxed);
      if (loops_now == loops) return false;
      loops = loops_now;
      idle_since = t;
    }
  }

  /// Sleeps until woken; false when the thread is to end.
  [[gnu::cold]] bool park(int number) noexcept {
    // Release and acquire: pairs with the fetch_add in summon_again; see IDLE.md.
    parked_.fetch_add(1, std::memory_order_acq_rel);
    if (find_work(number) != nullptr || front_.stop.load(std::memory_order_relaxed)) {
      unpark();
      return true;
    }
    const ticks since = now();
    while (!permits_.try_acquire()) {
      // Looked at again after every wake-up: whoever is woken by set_idle follows it, even if another took the permit.
      if (idle_kind_.load(std::memory_order_relaxed) != idle_policy::kind::release) {
        permits_.wait();
        continue;
      }
      const ticks left = idle_time_.load(std::memory_order_relaxed) - (now() - since);
      if (left <= 0) {
        return !unpark() || !crew_.let_go(number, [this, number] { return find_work(number) != nullptr; });
      }
      permits_.wait_for(to_nanoseconds(left));
    }
    return true;
  }

  /// Takes the calling worker off the count of sleepers; false when somebody has done so already, whose permit it
  /// takes.
  [[gnu::cold]] bool unpark() noexcept {
    int asleep = parked_.load(std::memory_order_relaxed);
    while (asleep > 0) {
      if (parked_.compare_exchange_weak(asleep, asleep - 1, std::memory_order_acq_rel, std::memory_order_relaxed)) {
        return true;
      }
    }
    while (!permits_.try_acquire()) permits_.wait();
    return false;
  }

  /// The caller at the end of its loop obeys the policy too, but polls for as long as going to sleep would cost anyway.
  [[nodiscard]] ticks longest_join_spin() const noexcept {
    const ticks shortest = to_ticks(std::chrono::microseconds(2));
    if (free_cpus_ < crew_.size()) return shortest;  // who is inside may need this CPU
    switch (idle_kind_.load(std::memory_order_relaxed)) {
      case idle_policy::kind::spin:
        return to_ticks(std::chrono::hours(1));
      case idle_policy::kind::adaptive:
        return larger(idle_time_.load(std::memory_order_relaxed), shortest);
      case idle_policy::kind::park:
      case idle_policy::kind::release:
        break;
    }
    return shortest;
  }

  front front_;
  alignas(64) std::atomic<std::uint32_t> doors_taken_{0};  // callers only
  alignas(64) std::atomic<int> parked_{0};                 // changes only when workers fall asleep or are woken
  std::atomic<int> busy_{0};
  // What spinning workers read; hardly ever written.
  alignas(64) std::atomic<idle_policy::kind> idle_kind_{idle_policy::kind::adaptive};
  std::atomic<ticks> idle_time_{0};
  nested_loops nested_;
  int free_cpus_;  // workers that can run beside a caller; only so many ever spin
  semaphore permits_;
  other_door others_[doors - 1];
  crew crew_;
};

}  // namespace parloop::inline v0::detail
