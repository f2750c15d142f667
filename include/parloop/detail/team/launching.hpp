// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Tasks on a team's workers: giving them, and waiting for them. For detail/algorithm/launched_work.hpp; the protocol
/// is in LAUNCH.md.
#pragma once

#include "../../backend.hpp"
#include "../base/cpu_count.hpp"
#include "../base/patience.hpp"
#include "team.hpp"

namespace parloop::inline v0_2::detail {

/// What launched work needs of a team. L1 to L4, J1 to J3 and A2 are the steps of LAUNCH.md.
class team::launching {
 public:
  /// The workers that run what is launched on `b`. Throws `std::bad_alloc`.
  [[nodiscard]] static team& of(backend& b) {
    if (b.width() <= 1) return library_team<false>();
    team* const own = b.own_team();
    return own != nullptr ? *own : library_team<true>();
  }

  /// Gives `w`, of the batch `b`, to the workers.
  static void post(team& t, task_batch& b, task& w) noexcept {
    b.add();
    t.launched_.set(&run_first, &wait_for_detached);
    const auto unfinished = static_cast<int>(t.tasks_.push(b, w));                  // L1
    if (t.workers_.threads_for_certain() < t.workers_.size() && t.exists_here()) {  // L2
      t.workers_.start_one(unfinished + t.slots_.wanted());
    }
    if (const int asleep = t.asleep_.fence_and_count(); asleep > 0) {        // L3
      if (unfinished > t.threads() - asleep - t.slots_.wanted()) t.wake(1);  // L4
    }
  }

  /// The same of a task that nobody waits for. Where there are no workers it runs here, or in a thread that runs others
  /// of that kind.
  static void post_detached(team& t, task& w) noexcept {
    post(t, t.detached_, w);
    while (t.threads() == 0 && t.detached_.has_tasks()) {
      // Release and acquire: who leaves its task to the thread that holds the mark is before that thread's next look,
      // or gets the mark.
      if (t.unserved_.exchange(true, memory_order_acq_rel)) return;
      while (task* const next = t.tasks_.take_of(t.detached_)) next->run(*next);
      (void)t.unserved_.exchange(false, memory_order_acq_rel);
    }
  }

  /// Nobody will wait for a task that is the team's already; it calls end_detached when it has ended.
  static void add_detached(team& t) noexcept { t.detached_.add(); }
  static void end_detached(team& t) noexcept { t.detached_.finish(); }
  /// Returns when all those have ended.
  static void wait_for_detached(team& t) noexcept { (void)wait(t, t.detached_); }

  /// Runs those tasks of `b` that nobody has begun, and returns when all have ended; false in a forked child when some
  /// run in the parent only.
  [[nodiscard]] static bool wait(team& t, task_batch& b) noexcept {
    const ticks longest = t.longest_join_spin();
    const bool crowded = t.free_cpus_ < t.workers_.size();
    cpu_sharing on_cpu;
    while (true) {
      if (!t.exists_here()) return wait_alone(b);
      if (b.has_tasks() && run_one(t, b)) continue;
      if (b.is_finished()) return true;
      if (t.slots_.help_for(b)) continue;
      patience polling(longest, crowded, on_cpu);
      bool changed = false;
      while (!changed && polling.again()) {
        changed = b.is_finished() || b.has_tasks() || t.slots_.has_room_for(b);
      }
      if (changed) continue;
      const std::uint32_t announced = b.announce_sleep();  // J1
      if (task_batch::is_finished(announced)) return true;
      if (!b.has_tasks() && !t.slots_.has_room_for(b)) b.sleep(announced);  // J2, J3
    }
  }

 private:
  static bool run_first(team& t) noexcept {
    return t.tasks_.run_first([&t] { t.wake(1); });
  }

  static bool run_one(team& t, task_batch& b) noexcept {
    task* const w = t.tasks_.take_of(b);
    if (w == nullptr) return false;
    w->run(*w);
    return true;
  }

  [[gnu::cold]] static bool wait_alone(task_batch& b) noexcept {
    while (task* const w = task_queue::take_alone(b)) w->run(*w);
    const bool all = b.is_finished();
    if (!all) b.forget();
    return all;
  }

  /// For backends that have no workers of the library's: one team for all that are wider than one, and one without
  /// workers. Never deleted, so that static destructors may launch.
  template <bool WithWorkers>
  [[nodiscard]] static team& library_team() {
    static constinit atomic<team*> made{nullptr};
    team* seen = made.load(memory_order_acquire);  // pairs with the release below
    if (seen != nullptr && seen->exists_here()) return *seen;
    const int cpus = cpu_count().usable;
    auto* const mine = new team(WithWorkers ? cpus - 1 : 0, idle::adaptive(), cpus);
    if (made.compare_exchange_strong(seen, mine, memory_order_acq_rel, memory_order_acquire)) return *mine;
    delete mine;
    return *seen;
  }
};

}  // namespace parloop::inline v0_2::detail
