// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The default backend: a pool of threads that is fast while loops come back to back and silent when they do not.
#pragma once

#include <atomic>
#include <cstdio>
#include <new>
#include <string>

#include "../backend.hpp"
#include "../detail/compare.hpp"
#include "../detail/cpu_count.hpp"
#include "../detail/dealing.hpp"
#include "../detail/team.hpp"

namespace parloop::inline v0 {

/// How to set up a pool.
struct thread_pool_options {
  int threads = 0;                      ///< width, the caller included; 0: as many as this process may use CPUs
  idle_policy idle = idle::adaptive();  ///< what workers do between loops
};

/// Runs loops on the calling thread and up to width() - 1 workers, which are made when a loop first needs them. The
/// caller works first and waits only for workers that have taken a part. Loops nested in one of its chunks run in their
/// caller; loops of several callers share the workers. In a forked child the pool starts anew.
class thread_pool final : public backend {
 public:
  /// Throws `std::invalid_argument` when the number of threads is negative or above 4096.
  [[gnu::cold]] explicit thread_pool(thread_pool_options options = {})
      : idle_kind_(options.idle.what),
        idle_time_(options.idle.time),
        usable_cpus_(detail::cpu_count().usable),
        width_(detail::checked_width(options.threads, usable_cpus_)) {}

  /// Ends the workers. No loop may be running.
  [[gnu::cold]] ~thread_pool() override {
    detail::team* t = team_.load(std::memory_order_acquire);
    if (t != nullptr && t->exists_here()) delete t;
  }

  [[nodiscard]] std::string_view name() const noexcept override { return "thread_pool"; }
  [[nodiscard]] int width() const noexcept override { return width_; }

  [[nodiscard]] std::chrono::nanoseconds fork_cost() const noexcept override {
    const detail::team* t = team_.load(std::memory_order_acquire);
    if (t == nullptr || !t->exists_here()) return detail::cost_of_new_thread;
    return detail::inside::of(t) ? never : t->fork_cost();
  }

  void run(const loop& work) override {
    const int wanted = detail::smaller(work.width, width_);
    detail::team* t = wanted > 1 ? team_here() : nullptr;
    if (t == nullptr || detail::inside::of(t)) {
      work.chunk(0, work.n);
      return;
    }
    const auto estimate = work.iteration * static_cast<double>(work.n);
    const int helpers = t->helpers_that_pay(
        wanted - 1, estimate < std::chrono::hours(1) ? std::chrono::duration_cast<std::chrono::nanoseconds>(estimate)
                                                     : std::chrono::hours(1));
    detail::dealing dealing(work, 1 + helpers, t->head_start());
    const detail::inside mark(t);
    detail::dealing::participant caller(dealing, 0);
    caller.take_first();
    detail::team::session help(*t, {&take_part, &dealing, work.chunk.body}, dealing.participants() - 1, work.next);
    if (caller.step()) {
      help.summon_again();
      caller.drain();
    }
  }

  /// The workers' behaviour between loops; may be changed at any time, also while loops run.
  [[nodiscard]] idle_policy idle() const noexcept {
    return {idle_kind_.load(std::memory_order_relaxed), idle_time_.load(std::memory_order_relaxed)};
  }
  [[gnu::cold]] void set_idle(idle_policy idle) noexcept {
    idle_kind_.store(idle.what, std::memory_order_relaxed);  // what idle workers do affects no result
    idle_time_.store(idle.time, std::memory_order_relaxed);
    if (detail::team* t = team_.load(std::memory_order_acquire); t != nullptr && t->exists_here()) t->set_idle(idle);
  }

  [[nodiscard, gnu::cold]] std::string details() const override {
    const detail::team* t = team_.load(std::memory_order_acquire);
    const int failures = t != nullptr && t->exists_here() ? t->failures() : 0;
    char text[256];
    std::snprintf(text, sizeof text, "idle workers: %s%s; workers now: %d of %d; failed to start a thread: %d times",
                  to_string(idle()).c_str(),
                  width_ > usable_cpus_ ? ", but some never spin, as there are more threads than usable CPUs" : "",
                  workers(), width_ - 1, failures);
    return text;
  }

  /// Worker threads that exist at the moment; the caller of a loop is not among them.
  [[nodiscard]] int workers() const noexcept {
    const detail::team* t = team_.load(std::memory_order_acquire);
    return t != nullptr && t->exists_here() ? t->threads() : 0;
  }

 private:
  static void take_part(void* work, int number) noexcept {
    detail::dealing::participant(*static_cast<detail::dealing*>(work), number).drain();
  }

  /// This process's team; null when there is no memory for one. The one of a parent process is left as it is.
  [[gnu::cold]] detail::team* team_here() noexcept {
    detail::team* seen = team_.load(std::memory_order_acquire);  // pairs with the release below
    if (seen != nullptr && seen->exists_here()) return seen;
    detail::team* made = nullptr;
    try {
      made = new detail::team(width_ - 1, idle(), usable_cpus_);
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
    if (team_.compare_exchange_strong(seen, made, std::memory_order_acq_rel, std::memory_order_acquire)) {
      made->set_idle(idle());  // it may have been changed meanwhile
      return made;
    }
    delete made;
    return seen;
  }

  std::atomic<detail::team*> team_{nullptr};
  std::atomic<idle_policy::kind> idle_kind_;
  std::atomic<std::chrono::nanoseconds> idle_time_;
  int usable_cpus_;
  int width_;
};

}  // namespace parloop::inline v0
