// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What the backends that keep a team of threads from loop to loop have in common: the team is made when it is first
/// needed, and anew in a forked child. For backend/.
#pragma once

#include <bit>
#include <cstdio>
#include <new>

#include "../../backend.hpp"
#include "../base/atomic.hpp"
#include "../base/compare.hpp"
#include "../base/cpu_count.hpp"
#include "../base/throw.hpp"
#include "followed_quota.hpp"
#include "team_loop.hpp"

namespace parloop::inline v0_2 {

/// How to set up a backend that keeps threads.
struct pool_options {
  int threads = 0;                      ///< width, the caller included; 0: as many as this process may use CPUs
  idle_policy idle = idle::adaptive();  ///< what workers do between loops
};

namespace detail {

/// What `thread_pool` and `work_stealing` have in common. Use these.
class team_backend : public backend {
 public:
  /// Ends the workers. No loop may be running.
  [[gnu::cold]] ~team_backend() override { delete existing(); }

  [[nodiscard]] int width() const noexcept final { return width_; }

  [[nodiscard]] help_offered help() const noexcept final {
    const team* t = existing();
    if (t != nullptr && (runs_in_caller(t) || t->is_full())) return {never};
    help_offered now = t != nullptr ? t->help() : help_offered{cost_of_new_thread};
    now.stays_awake = idle().stays_awake();
    return now;
  }
  [[nodiscard]] team_rules teams() const noexcept final { return {most_threads, idle()}; }

  [[nodiscard]] team* own_team() noexcept final { return width_ > 1 ? here() : nullptr; }

  void run(const loop& work) final {
    int wanted = smaller(work.width, width_);
    if (wanted > quota_.threads()) {
      quota_.ask(now());
      wanted = smaller(wanted, quota_.threads());
    }
    if (team* t = wanted > 1 ? here() : nullptr; t != nullptr && !runs_in_caller(t) && !t->is_full()) {
      run_on_team(*t, work, wanted, t, work.next);
    } else {
      work.chunk(0, work.n);
    }
  }

  /// What the workers do between loops.
  [[nodiscard]] idle_policy idle() const noexcept {
    return {idle_kind_.load(memory_order_relaxed), idle_time_.load(memory_order_relaxed)};
  }
  /// Changes that, at once: sleeping workers wake to follow it. Any thread may call, also while loops run.
  [[gnu::cold]] void set_idle(idle_policy idle) noexcept {
    idle_kind_.store(idle.what, memory_order_relaxed);  // what idle workers do affects no result
    idle_time_.store(idle.time, memory_order_relaxed);
    if (team* t = existing(); t != nullptr) t->set_idle(idle);
  }

  [[nodiscard, gnu::cold]] short_text details() const final {
    const team* t = existing();
    char text[384];
    char fewer[48] = "";
    if (quota_.threads() < width_) std::snprintf(fewer, sizeof fewer, "; the quota allows %d now", quota_.threads());
    std::snprintf(text, sizeof text,
                  "idle workers: %s%s%s; workers now: %d of %d; failed to start a thread: %d times; "
                  "waking one took: %s; starting the first took: %s",
                  to_text(idle()).chars,
                  width_ > usable_cpus_ ? ", but some never spin, as there are more threads than usable CPUs" : "",
                  fewer, workers(), width_ - 1, t != nullptr ? t->failures() : 0,
                  to_text(t != nullptr ? t->last_delay_of_sleeper() : 0).chars,
                  to_text(t != nullptr ? t->delay_of_first_thread() : 0).chars);
    return text;
  }

  /// Worker threads that exist at the moment; the caller of a loop is not among them.
  [[nodiscard]] int workers() const noexcept {
    const team* t = existing();
    return t != nullptr ? t->threads() : 0;
  }

 protected:
  /// Waits for what nobody waits for. To be called by the destructors of what derives from this, because work may still
  /// launch other work on it.
  [[gnu::cold]] void end_work() noexcept {
    if (team* t = existing(); t != nullptr) t->wait_for_detached();
  }

  /// Throws `std::invalid_argument` when the number of threads is negative or above 4096.
  [[gnu::cold]] team_backend(pool_options options, nested_loops nested)
      : idle_kind_(options.idle.what),
        idle_time_(options.idle.time),
        nested_(nested),
        usable_cpus_(cpu_count().usable),
        width_(checked_width(options.threads, usable_cpus_)),
        quota_(width_, options.threads == 0) {}

 private:
  /// Loops in loops are helped to this depth: each has its shares on the stack of its caller, 17 KB.
  static constexpr int deepest_nest = 16;

  [[nodiscard]] bool runs_in_caller(const team* t) const noexcept {
    if (nested_ == nested_loops::in_their_caller) return inside::of(t);
    return std::popcount(inside::doors_of(t)) >= deepest_nest;
  }

  /// This process's team; null when none was made. The one of a parent process is left as it is.
  [[nodiscard]] team* existing() const noexcept {
    team* t = team_.load(memory_order_acquire);  // pairs with the release in here
    return t != nullptr && t->exists_here() ? t : nullptr;
  }

  /// This process's team, made if need be; null when there is no memory for one.
  [[gnu::cold]] team* here() noexcept {
    team* seen = team_.load(memory_order_acquire);  // pairs with the release below
    if (seen != nullptr && seen->exists_here()) return seen;
    team* const made = call_or([&] { return new team(width_ - 1, idle(), usable_cpus_, nested_, &quota_); },
                               []() -> team* { return nullptr; });
    if (made == nullptr) return nullptr;
    if (team_.compare_exchange_strong(seen, made, memory_order_acq_rel, memory_order_acquire)) {
      made->set_idle(idle());  // it may have been changed meanwhile
      return made;
    }
    delete made;
    return seen;
  }

  atomic<team*> team_{nullptr};
  atomic<idle_policy::kind> idle_kind_;
  atomic<std::chrono::nanoseconds> idle_time_;
  nested_loops nested_;
  int usable_cpus_;
  int width_;
  followed_quota quota_;
};

}  // namespace detail

}  // namespace parloop::inline v0_2
