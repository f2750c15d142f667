// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The threads of a team: started one by one when wanted, let go or joined; failing to start one harms nobody. For
/// detail/team/team.hpp.
#pragma once

#include <utility>

#include "../base/atomic.hpp"
#include "../base/compare.hpp"
#include "../base/current_cpu.hpp"
#include "../base/fork.hpp"
#include "../base/thread.hpp"
#include "../base/ticks.hpp"
#include "../base/warning.hpp"
#include "scoped_event.hpp"
#include "wake_affinity.hpp"

namespace parloop::inline v0_2::detail {

/// The threads of one team and their life: none -> starting -> running -> leaving -> none. Callers of loops start them,
/// one at a time, and each thread that comes starts others while loops want more; a worker whose idle policy lets it
/// end calls `retire`; the team's destructor joins the rest.
///
/// A loop does not lose the worker that it counts on: `retire` takes the thread off the count before it asks whether it
/// is needed, and a caller opens its door before it reads that count (threads_for_certain). So the thread sees the door
/// and stays, or the caller sees that it is missing and keeps it or starts another (PROOF.md, lemma 3).
class worker_threads {
 public:
  /// Starts no thread. Those started later run work(context, number), each with a number in [0, size) of its own.
  /// `places` is told of each start. Throws `std::bad_alloc`.
  [[gnu::cold]] worker_threads(int size, void (*work)(void* context, int number) noexcept, void* context,
                               wake_affinity& places)
      : work_(work),
        context_(context),
        size_(size),
        places_(places),
        members_(new member[static_cast<std::size_t>(size)]) {
    count_forks();
    keep_code_loaded(work);
    generation_ = fork_generation.load(memory_order_relaxed);
    for (int i = 0; i < size; ++i) members_[i].owner = this;
  }

  worker_threads(const worker_threads&) = delete;
  worker_threads& operator=(const worker_threads&) = delete;
  [[gnu::cold]] ~worker_threads() { delete[] members_; }

  /// False in a forked child: the threads are the parent's, and nothing of them may be touched any more.
  [[nodiscard]] bool exists_here() const noexcept { return generation_ == fork_generation.load(memory_order_relaxed); }

  [[nodiscard]] int size() const noexcept { return size_; }
  /// Threads that exist now.
  [[nodiscard]] int threads() const noexcept { return threads_.load(memory_order_relaxed); }
  /// The same, certain of every thread that has left: after this, who leaves sees what the caller wrote before.
  [[nodiscard]] int threads_for_certain() noexcept {
    // Release and acquire: pairs with the fetch_sub in retire, in either order (PROOF.md, lemma 3).
    return threads_.fetch_add(0, memory_order_acq_rel);
  }
  /// How often no more threads could be started.
  [[nodiscard]] int failures() const noexcept { return failures_.load(memory_order_relaxed); }

  /// From asking for the first thread until it ran; 0: it never did. Relaxed: a measurement.
  [[nodiscard]] ticks delay_of_first() const noexcept { return delay_of_first_.load(memory_order_relaxed); }

  /// Starts one thread, or keeps one that is leaving, if fewer than `wanted` exist. After a failure, none for a second:
  /// the loop goes on without.
  [[gnu::cold]] void start_one(int wanted) noexcept {
    const int exist = threads();
    if (exist >= smaller(wanted, size_)) return;
    if (exist == 0) asked_.store(now(), memory_order_relaxed);  // published by the start of the thread
    if (failures_.load(memory_order_relaxed) != 0 && now() < retry_at_.load(memory_order_relaxed)) return;
    for (int i = 0; i < size_; ++i) {
      member& m = members_[i];
      // First, as who leaves is gone next. Release: pairs with the acquire in retire, so that who
      // stays finds the work that it is kept for.
      if (status gone = status::leaving;
          m.state.compare_exchange_strong(gone, status::revived, memory_order_release, memory_order_relaxed)) {
        threads_.fetch_add(1, memory_order_relaxed);
        return;
      }
      // Acquire: pairs with the release in retire; its last user is done with the member.
      if (status free = status::none;
          m.state.compare_exchange_strong(free, status::starting, memory_order_acquire, memory_order_relaxed)) {
        start(m);
        return;
      }
    }
  }

  /// Lets the calling thread, of this number, end without being joined. False when it has to go on: end_all wants to
  /// join it, needed() is true, or another thread keeps it.
  template <class Needed>
  [[gnu::cold]] bool retire(int number, Needed needed) noexcept {
    member& m = members_[number];
    status seen = status::running;
    while (!m.state.compare_exchange_strong(seen, status::leaving, memory_order_acquire)) {
      if (seen == status::ending) return false;
      seen = status::running;  // who started this thread has yet to note that it did
      yield_cpu();             // and may wait behind it for this CPU
    }
    // Release and acquire: pairs with threads_for_certain (PROOF.md, lemma 3).
    threads_.fetch_sub(1, memory_order_acq_rel);
    worker_thread self = std::move(m.thread);
    seen = status::leaving;
    // Release: pairs with the acquires in start_one and end, and is the last touch. Acquire, if it fails: pairs with
    // the release in start_one that keeps the thread.
    if (!needed() && m.state.compare_exchange_strong(seen, status::none, memory_order_release, memory_order_acquire)) {
      self.detach_self();
      return true;
    }
    m.thread = std::move(self);
    seen = status::leaving;
    if (m.state.compare_exchange_strong(seen, status::running, memory_order_release, memory_order_acquire)) {
      threads_.fetch_add(1, memory_order_relaxed);
    } else {
      m.state.store(status::running, memory_order_release);  // revived, and counted by who keeps it
    }
    return false;
  }

  /// Joins all threads, which must be about to end, and sees to it that none is started any more.
  [[gnu::cold]] void end_all() noexcept {
    for (int i = 0; i < size_; ++i) end(members_[i]);
  }

 private:
  enum class status : int { none, starting, running, leaving, revived, ending };

  struct member {
    worker_threads* owner = nullptr;
    /// none -> starting -> running (or none, when that failed) by who starts it; running -> leaving -> none or running
    /// by itself; leaving -> revived by who would start another, revived -> running by itself; none or running ->
    /// ending by end_all, which joins in the second case.
    atomic<status> state{status::none};
    worker_thread thread;
  };

  [[gnu::cold]] static void run_member(void* self) noexcept {
    const scoped_event living(thread_event::living);
    const member& m = *static_cast<member*>(self);
    if (m.owner->delay_of_first() == 0) {
      const ticks delay = now() - m.owner->asked_.load(memory_order_relaxed);
      m.owner->delay_of_first_.store(larger<ticks>(delay, 1), memory_order_relaxed);
    }
    m.owner->work_(m.owner->context_, static_cast<int>(&m - m.owner->members_));
  }

  [[gnu::cold]] void start(member& m) noexcept {
    const int number = static_cast<int>(&m - members_);
    threads_.fetch_add(1, memory_order_relaxed);
    places_.before_start(number);
    if (const int error = m.thread.start(&run_member, &m); error != 0) {
      places_.not_started(number);
      threads_.fetch_sub(1, memory_order_relaxed);
      note_failure(error);
      m.state.store(status::none, memory_order_release);  // pairs with the acquire in start_one
    } else {
      places_.after_start(number, m.thread);
      m.state.store(status::running, memory_order_release);  // pairs with end, which joins m.thread
    }
  }

  [[gnu::cold]] void note_failure(int error) noexcept {
    retry_at_.store(now() + to_ticks(std::chrono::seconds(1)), memory_order_relaxed);
    failures_.fetch_add(1, memory_order_relaxed);
    warn_of_missing_threads(error, threads() + 1, size_ + 1);
  }

  /// Joins the member's thread if there is one. Workers that have just come may still be starting others.
  [[gnu::cold]] void end(member& m) noexcept {
    while (true) {
      status seen = status::none;
      // Acquire: pairs with the releases in retire, whose last touch it is, and in start_one.
      if (m.state.compare_exchange_strong(seen, status::ending, memory_order_acquire)) return;
      if (seen == status::running && m.state.compare_exchange_strong(seen, status::ending, memory_order_acquire)) {
        m.thread.join();
        return;
      }
      yield_cpu();  // it is being started, leaves or is kept, by a thread that may wait behind this one
    }
  }

  void (*work_)(void* context, int number) noexcept;
  void* context_;
  int size_;
  wake_affinity& places_;
  std::uint32_t generation_ = 0;
  atomic<int> threads_{0};
  atomic<int> failures_{0};
  atomic<ticks> retry_at_{0};
  atomic<ticks> asked_{0};
  atomic<ticks> delay_of_first_{0};
  member* const members_;
};

}  // namespace parloop::inline v0_2::detail
