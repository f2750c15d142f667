// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Tasks that nobody has begun, in the batches that somebody waits for. For detail/team/launching.hpp; the protocol is
/// in LAUNCH.md.
#pragma once

#include <cstdint>

#include "../base/atomic.hpp"
#include "../base/futex.hpp"
#include "../base/lock.hpp"
#include "../base/ticks.hpp"
#include "scoped_event.hpp"

namespace parloop::inline v0_2::detail {

class task_queue;
class team;

/// A function that runs once. What derives from it brings what that needs.
struct task {
  explicit task(void (*function)(task&) noexcept) noexcept : run(function) {}
  task(const task&) = delete;
  task& operator=(const task&) = delete;

  void (*run)(task& self) noexcept;  ///< the task's memory, and its batch, may be gone when it returns
  task* next = nullptr;              // of its batch; guarded by the queue's lock

 protected:
  ~task() = default;
};

/// Tasks that somebody waits for together.
class task_batch {
 public:
  task_batch() = default;
  task_batch(const task_batch&) = delete;
  task_batch& operator=(const task_batch&) = delete;
  ~task_batch() = default;

  /// A task is about to be put into the queue. Relaxed: the queue's lock orders what follows.
  void add() noexcept { word_.fetch_add(one, memory_order_relaxed); }

  /// A task has been put into the queue: those who wait look again.
  void notify_waiters() noexcept {
    // Release: pairs with the acquire in announce_sleep, if that comes later; it then finds the task.
    if ((word_.fetch_and(~asleep_mark, memory_order_release) & asleep_mark) != 0) wake();
  }

  /// A task has ended. The batch may be gone afterwards.
  void finish() noexcept {
    std::uint32_t seen = word_.load(memory_order_relaxed);
    // Release: pairs with the acquires in is_finished and announce_sleep; who waits sees what the task wrote.
    while (!word_.compare_exchange_weak(seen, seen / one == 1 ? 0 : seen - one, memory_order_release,
                                        memory_order_relaxed)) {
    }
    if (seen == (one | asleep_mark)) wake();
  }

  /// Acquire: pairs with the release in finish.
  [[nodiscard]] bool is_finished() const noexcept { return word_.load(memory_order_acquire) / one == 0; }

  /// Says that the caller is about to sleep, and returns the word that it may sleep on.
  [[nodiscard]] std::uint32_t announce_sleep() noexcept {
    // Acquire: pairs with the releases in finish and notify_waiters.
    return word_.fetch_or(asleep_mark, memory_order_acquire) | asleep_mark;
  }
  /// Whether there are tasks that nobody has begun. Relaxed: a hint, but for who has announced its sleep.
  [[nodiscard]] bool has_tasks() const noexcept { return first_.load(memory_order_relaxed) != nullptr; }
  [[nodiscard]] static bool is_finished(std::uint32_t word) noexcept { return word / one == 0; }
  void sleep(std::uint32_t announced) noexcept {
    const scoped_event waiting(thread_event::waiting, this);
    wait_on(word_, announced);
  }

  /// In a forked child, where what had begun does not end.
  void forget() noexcept { word_.store(0, memory_order_relaxed); }

 private:
  friend task_queue;
  static constexpr std::uint32_t asleep_mark = 1;
  static constexpr std::uint32_t one = 2;

  void wake() noexcept {
    const scoped_event waking(thread_event::waking, this);
    wake_all(word_);
  }

  atomic<std::uint32_t> word_{0};  // tasks that have not ended, times two, and whether somebody sleeps until they have
  // Guarded by the queue's lock.
  atomic<task*> first_{nullptr};
  task* last_ = nullptr;
  task_batch* before_ = nullptr;
  task_batch* after_ = nullptr;
};

/// The batches that have tasks which nobody has begun.
class task_queue {
 public:
  /// Puts `t` at the end of its batch. Returns how many tasks are pending or run by workers.
  std::uint32_t push(task_batch& b, task& t) noexcept {
    const ticks at = now();
    const short_lock::holder hold(lock_);
    gap_.store(at - last_push_, memory_order_relaxed);
    last_push_ = at;
    t.next = nullptr;
    if (!b.has_tasks()) {
      b.first_.store(&t, memory_order_relaxed);
      append(b);
    } else {
      b.last_->next = &t;
    }
    b.last_ = &t;
    const std::uint32_t before = pending_.load(memory_order_relaxed);
    // Relaxed: ordered by the counts that who launches reads next, and by the lock (LAUNCH.md).
    pending_.store(before + 1, memory_order_relaxed);
    return before + 1 + running_.load(memory_order_relaxed);
  }

  /// A worker runs the first task of the first batch, after bring_another() if there are more; false: there is none.
  template <class BringAnother>
  bool run_first(BringAnother bring_another) noexcept {
    task* const t = take();
    if (t == nullptr) return false;
    if (has_tasks()) bring_another();
    t->run(*t);
    running_.fetch_sub(1, memory_order_relaxed);  // a hint
    return true;
  }

  /// Who waits for `b` takes its first task, or null.
  [[nodiscard]] task* take_of(task_batch& b) noexcept {
    const short_lock::holder hold(lock_);
    return b.has_tasks() ? pop(b) : nullptr;
  }
  /// The same in a forked child, where the queue is as the parent left it, and locked by nobody who could unlock it.
  [[nodiscard]] static task* take_alone(task_batch& b) noexcept {
    task* const t = b.first_.load(memory_order_relaxed);
    if (t != nullptr) b.first_.store(t->next, memory_order_relaxed);
    return t;
  }

  /// Whether there are tasks that nobody has begun.
  [[nodiscard]] bool has_tasks() const noexcept { return pending_.load(memory_order_relaxed) != 0; }
  [[nodiscard]] int running() const noexcept { return static_cast<int>(running_.load(memory_order_relaxed)); }
  /// All of them: a hint.
  [[nodiscard]] int unfinished() const noexcept {
    return static_cast<int>(pending_.load(memory_order_relaxed)) + running();
  }
  /// The time between the last two.
  [[nodiscard]] ticks gap() const noexcept { return gap_.load(memory_order_relaxed); }

 private:
  [[gnu::noinline]] task* take() noexcept {
    const short_lock::holder hold(lock_);
    if (first_ == nullptr) return nullptr;
    task_batch& b = *first_;
    task* const t = pop(b);
    if (b.has_tasks() && first_ != last_) {
      remove(b);
      append(b);
    }
    running_.fetch_add(1, memory_order_relaxed);
    return t;
  }

  task* pop(task_batch& b) noexcept {
    task* const t = b.first_.load(memory_order_relaxed);
    b.first_.store(t->next, memory_order_relaxed);
    if (t->next == nullptr) remove(b);
    pending_.store(pending_.load(memory_order_relaxed) - 1, memory_order_relaxed);
    return t;
  }
  void append(task_batch& b) noexcept {
    b.before_ = last_;
    b.after_ = nullptr;
    (last_ != nullptr ? last_->after_ : first_) = &b;
    last_ = &b;
  }
  void remove(task_batch& b) noexcept {
    (b.before_ != nullptr ? b.before_->after_ : first_) = b.after_;
    (b.after_ != nullptr ? b.after_->before_ : last_) = b.before_;
  }

  // One line, which spinning workers poll: who takes has it already.
  alignas(64) short_lock lock_;
  atomic<std::uint32_t> pending_{0};
  atomic<std::uint32_t> running_{0};
  task_batch* first_ = nullptr;
  task_batch* last_ = nullptr;
  ticks last_push_ = 0;
  atomic<ticks> gap_{ticks{1} << 62};
};

/// What a team does for launched work alone (launching.hpp). The first launch sets it, so that a program that launches
/// nothing does not compile it. Relaxed: both are constants; a worker that sees none yet looks again, and who waits
/// comes after all launches.
class launched_work_service {
 public:
  using run_function = bool (*)(team&) noexcept;
  using wait_function = void (*)(team&) noexcept;

  void set(run_function run, wait_function wait) noexcept {
    if (wait_for_detached_.load(memory_order_relaxed) == wait) return;  // workers read this line all the time
    run_first_.store(run, memory_order_relaxed);
    wait_for_detached_.store(wait, memory_order_relaxed);
  }
  /// A worker of `t` runs a task; false: there is none.
  bool run_first(team& t) const noexcept {
    const run_function run = run_first_.load(memory_order_relaxed);
    return run != nullptr && run(t);
  }
  /// Returns when all work that nobody waits for has ended.
  void wait_for_detached(team& t) const noexcept {
    if (const wait_function wait = wait_for_detached_.load(memory_order_relaxed); wait != nullptr) wait(t);
  }

 private:
  atomic<run_function> run_first_{nullptr};
  atomic<wait_function> wait_for_detached_{nullptr};
};

}  // namespace parloop::inline v0_2::detail
