// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The backend whose threads exist only while loops run: nothing is left behind, not even a sleeping thread.
#pragma once

#include <limits>
#include <new>

#include "../backend.hpp"
#include "../detail/base/atomic.hpp"
#include "../detail/base/cpu_count.hpp"
#include "../detail/base/throw.hpp"
#include "../detail/team/team_loop.hpp"
#include "thread_pool.hpp"

namespace parloop::inline v0_2 {

/// How to set up a workqueue.
struct workqueue_options {
  int threads = 0;                   ///< width, the caller included; 0: as many as this process may use CPUs
  std::chrono::nanoseconds keep{0};  ///< how long threads stay after a loop, asleep; 0: they end with their loop
};

/// Runs each loop on the calling thread and on threads made for it, which are joined before the loop returns: the
/// caller starts one and works, and those that come start others while there is work. With `keep`, a `thread_pool` of
/// the policy `release(keep)`. Loops nested in a chunk run in their caller; loops of several callers do not meet.
class workqueue final : public backend {
 public:
  /// Throws `std::invalid_argument` when the number of threads is negative or above 4096.
  [[gnu::cold]] explicit workqueue(workqueue_options options = {})
      : usable_cpus_(detail::cpu_count().usable), width_(detail::checked_width(options.threads, usable_cpus_)) {
    if (options.keep.count() > 0) kept_ = new thread_pool({width_, idle::release(options.keep)});
  }
  [[gnu::cold]] ~workqueue() override { delete kept_; }

  [[nodiscard]] std::string_view name() const noexcept override { return "workqueue"; }
  [[nodiscard]] int width() const noexcept override { return width_; }

  [[nodiscard]] help_offered help() const noexcept override {
    if (kept_ != nullptr) return kept_->help();
    return {detail::inside::of(this) ? never : detail::to_nanoseconds(price_.expected(detail::now()))};
  }

  [[nodiscard]] detail::team* own_team() noexcept override { return kept_ != nullptr ? kept_->own_team() : nullptr; }

  [[gnu::cold]] void run(const loop& work) override {  // takes the time of making threads
    if (kept_ != nullptr) return kept_->run(work);
    const int wanted = detail::smaller(work.width, width_);
    // Relaxed: a guess at whether threads can be made.
    if (wanted > 1 && !detail::inside::of(this) && detail::now() >= retry_at_.load(detail::memory_order_relaxed)) {
      const detail::ticks start = detail::now();
      if (detail::team* const t = make_team(wanted - 1); t != nullptr) {
        // Next: 0, because the threads are to end at once.
        detail::run_on_team(*t, work, wanted, this, std::chrono::nanoseconds(0));
        const detail::ticks end = detail::now();
        const detail::ticks delay = t->delay_of_first_thread();
        if (t->failures() > 0) retry_at_.store(end + detail::to_ticks(after_failure), detail::memory_order_relaxed);
        // In a child that was forked in a body the threads do not exist, and the team is left as it is.
        if (t->exists_here()) delete t;
        note_price(delay > 0 ? delay : end - start, end);
        return;
      }
    }
    work.chunk(0, work.n);
  }

  [[nodiscard, gnu::cold]] short_text details() const override {
    if (kept_ != nullptr) return kept_->details();
    short_text text = "threads are made for each loop and end with it; there are no idle workers; making one cost: ";
    return text += detail::to_text(price_.last()).chars;
  }

 private:
  /// How long loops go without threads when one could not be made.
  static constexpr std::chrono::nanoseconds after_failure = std::chrono::seconds(1);
  /// What the caller does to make one, measured on the 2-core machine class.
  static constexpr std::chrono::nanoseconds making_thread = std::chrono::microseconds(15);

  /// Help that came `delay` after the loop had started, and that is gone now, some time after the loop's `end`.
  void note_price(detail::ticks delay, detail::ticks end) noexcept {
    price_.note(end - detail::to_ticks(making_thread) - delay / 2, detail::now());
  }

  /// Null when there is no memory.
  [[nodiscard]] detail::team* make_team(int workers) const noexcept {
    // They look for the end of the loop for a moment before they sleep, because waking them takes longer.
    return detail::call_or([&] { return new detail::team(workers, idle::adaptive(), usable_cpus_); },
                           []() -> detail::team* { return nullptr; });
  }

  detail::atomic<detail::ticks> retry_at_{(std::numeric_limits<detail::ticks>::min)()};
  detail::learned_time price_{detail::cost_of_new_thread};
  int usable_cpus_;
  int width_;
  backend* kept_ = nullptr;  // with `keep`, a thread_pool; called through the interface
};

}  // namespace parloop::inline v0_2
