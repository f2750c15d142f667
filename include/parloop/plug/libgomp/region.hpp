// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A parallel region: what its threads share, and what each of them is in it. For plug/libgomp.hpp.
///
/// Its threads are a team's (detail/team/gang.hpp), so they sleep between regions. Its barriers are its own, as threads
/// that wait at them run tasks. Every thread is in some region; outside of all it is alone in one.
#pragma once

#include <cstdint>

#include "../../detail/base/fork.hpp"
#include "../../detail/base/patience.hpp"
#include "../../detail/team/gang_pool.hpp"
#include "../../detail/team/waited_word.hpp"
#include "task.hpp"
#include "work_share.hpp"

namespace parloop::inline v0_2::detail::gomp {

/// What a thread is, in the innermost region that it is in.
struct thread_state {
  region* team = nullptr;  // null: the thread has not used OpenMP
  task* current = nullptr;
  work_share* share = nullptr;  // the last that it has come to
  int number = 0;
  cpu_sharing on_cpu;
  std::uint32_t barriers = 0;  // that it has come to
  std::uint32_t singles = 0;   // likewise
  std::uint64_t trip = 0;      // chunks that it has had of the loop
  chunk own;                   // of the loop
  bool ordered = false;        // the loop is, and `own` is not yet said to be done
  void* opened = nullptr;      // regions that GOMP_parallel_start has opened (parallel.hpp)
  int team_number = 0;         // in a league of teams, each of which has one thread at first
  int teams = 1;
};

/// In static storage, as the library is there from the program's start.
inline thread_local constinit thread_state this_thread [[gnu::tls_model("initial-exec")]]{};

/// A place where all members of a region meet, again and again.
struct meeting_point {
  atomic<std::uint32_t> come{0};    // members, of all times together
  atomic<std::uint32_t> passed{0};  // how many times all have met
};

struct region {
  region(int members, const thread_state& parent) noexcept : size(members), spare_(nullptr) {
    generation = fork_generation.load(memory_order_relaxed);
    if (parent.team != nullptr) {
      outer = parent.team;
      outer_number = parent.number;
      level = outer->level + 1;
      active_level = outer->active_level + (members > 1 ? 1 : 0);
      other_threads = outer->other_threads;
    }
  }
  region(const region&) = delete;
  region& operator=(const region&) = delete;
  ~region() {
    for (work_share* s = oldest_.load(memory_order_relaxed); s != nullptr;) {
      work_share* const later = s->later.load(memory_order_relaxed);
      if (s->on_heap) delete s;
      s = later;
    }
    delete spare_.load(memory_order_relaxed);
  }

  int size;
  int level = 0;
  int active_level = 0;
  int outer_number = 0;
  region* outer = nullptr;
  std::uint32_t generation = 0;
  ticks longest_wait = 0;
  gang_pool* threads = nullptr;       // null: it has one member
  atomic<int>* other_threads = nullptr;  // in all regions inside of the same outermost one, for OMP_THREAD_LIMIT
  bool meets_at_end = false;             // members wait for all others at the end, and run tasks meanwhile
  atomic<bool> cancelled{false};
  atomic<bool> loop_cancelled{false};  // the loop or sections that they are in, until they meet at its end
  atomic<void*> copied{nullptr};       // by `single copyprivate`

  alignas(64) meeting_point inner;
  waited_word changed;  // somebody has come, a task was made or has finished, all is cancelled
  alignas(64) meeting_point end;
  atomic<std::uint32_t> singles{0};
  task_pool tasks;
  work_share first;  // what all have come to at the beginning

  [[nodiscard]] bool alone() const noexcept {
    return size == 1 || generation != fork_generation.load(memory_order_relaxed);  // a forked child has no others
  }

  [[nodiscard]] patience polling(thread_state& me) const noexcept {
    return {longest_wait, threads != nullptr && threads->crowded(), me.on_cpu};
  }

  /// The next construct of the calling member; `fill` describes it, and is called only by who comes first, or by more
  /// than one, of whom one is heard. True if it was this one.
  template <class Fill>
  bool come_to(thread_state& me, const Fill& fill) {
    work_share* const before = me.share;
    work_share* s = before->later.load(memory_order_acquire);  // pairs with the release below
    bool made_it = false;
    if (s == nullptr) {
      work_share* const made = new_share();
      fill(*made);
      // Release: who finds it sees it filled. Acquire: for who has lost.
      if (before->later.compare_exchange_strong(s, made, memory_order_acq_rel, memory_order_acquire)) {
        s = made;
        made_it = true;
      } else {
        keep(made);
      }
    }
    // Release and acquire: who reuses it does so after everybody's last look.
    if (before->gone_on.fetch_add(1, memory_order_acq_rel) + 1 == size) {
      oldest_.store(s, memory_order_relaxed);  // one thread at a time: the next one's last comes after this one's
      if (before->on_heap) keep(before);
    }
    me.share = s;
    me.trip = 0;
    me.own = {};
    me.ordered = false;
    return made_it;
  }

  /// The first to come to its k-th `single` gets true.
  [[nodiscard]] bool is_first(thread_state& me) noexcept {
    std::uint32_t k = me.singles++;
    if (singles.load(memory_order_relaxed) != k) return false;
    return singles.compare_exchange_strong(k, k + 1, memory_order_relaxed);  // decides who; orders nothing
  }

 private:
  [[nodiscard]] work_share* new_share() {
    if (work_share* kept = spare_.exchange(nullptr, memory_order_acquire); kept != nullptr) return kept;
    auto* const made = new work_share;
    made->on_heap = true;
    return made;
  }
  void keep(work_share* s) noexcept {
    s->clear();
    delete spare_.exchange(s, memory_order_acq_rel);  // pairs with new_share
  }

  atomic<work_share*> oldest_{&first};
  atomic<work_share*> spare_;
};

}  // namespace parloop::inline v0_2::detail::gomp
