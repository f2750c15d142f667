// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The threads that gangs take for themselves. For detail/team/gang.hpp; the protocol is in GANG.md.
#pragma once

#include <initializer_list>

#include "../base/atomic.hpp"
#include "../base/cpu_count.hpp"
#include "../base/fork.hpp"
#include "../base/thread.hpp"
#include "gang_thread.hpp"

namespace parloop::inline v0_2::detail {

/// All of them, of this process. A list that only grows; in a forked child a new one.
class gang_pool {
 public:
  /// This process's. Throws `std::bad_alloc`.
  [[nodiscard]] static gang_pool& here() {
    gang_pool* seen = all.load(memory_order_acquire);  // pairs with the release below
    if (seen != nullptr && seen->exists_here()) return *seen;
    auto* const made = new gang_pool;
    if (all.compare_exchange_strong(seen, made, memory_order_acq_rel, memory_order_acquire)) return *made;
    delete made;
    return *seen;
  }

  [[nodiscard]] bool exists_here() const noexcept { return generation_ == fork_generation.load(memory_order_relaxed); }
  [[nodiscard]] std::uint32_t generation() const noexcept { return generation_; }

  /// A thread's place that nobody else has. Throws `std::bad_alloc`. The oldest that is free, so that a caller that is
  /// alone finds the same threads under the same numbers again, with what their thread-local variables have.
  [[nodiscard]] gang_thread& take() {
    for (const bool with_thread : {true, false}) {
      // Acquire: pairs with the release below.
      for (gang_thread* t = first_.load(memory_order_acquire); t != nullptr; t = t->newer.load(memory_order_acquire)) {
        if (t->take(with_thread)) return *t;
      }
    }
    auto* const made = new gang_thread;
    atomic<gang_thread*>* place = &first_;
    for (gang_thread* last = nullptr;
         !place->compare_exchange_strong(last, made, memory_order_acq_rel, memory_order_acquire);) {
      place = &last->newer;
      last = nullptr;
    }
    return *made;
  }

  /// Members of gangs that run now, all together; one that comes or goes says by how many it changes.
  void change_members(int by) noexcept { members_.fetch_add(by, memory_order_relaxed); }
  /// Whether they are more than the CPUs that this process may use. Relaxed: decides how members wait.
  [[nodiscard]] bool crowded() const noexcept { return members_.load(memory_order_relaxed) > usable_cpus_; }

 private:
  [[gnu::cold]] gang_pool() : usable_cpus_(cpu_count().usable) {
    count_forks();
    keep_code_loaded([](void*, int) noexcept {});
    generation_ = fork_generation.load(memory_order_relaxed);
  }

  static constinit inline atomic<gang_pool*> all{nullptr};

  atomic<gang_thread*> first_{nullptr};
  atomic<int> members_{0};
  int usable_cpus_;
  std::uint32_t generation_ = 0;
};

}  // namespace parloop::inline v0_2::detail
