// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// OpenMP's tasks: what they are, which wait for which, and the list of those that can run. For plug/libgomp.hpp.
///
/// A task is made by a thread of a region and run by any of that region's threads that waits: at a barrier, for its
/// children, for a group. All that is said of tasks is under one lock of the region. While there are many already, and
/// in regions of one thread, who makes a task runs it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <unordered_map>
#include <vector>

#include "control.hpp"
#include "lock.hpp"

namespace parloop::inline v0_2::detail::gomp {

struct region;

/// Tasks that are waited for together, those that they make included.
struct task_group {
  task_group* outer = nullptr;
  std::uintptr_t* reductions = nullptr;  // the ABI's description of them (reduction.hpp)
  std::size_t unfinished = 0;            // under the region's lock
  bool of_construct = false;             // made for a loop's reductions by tasks: to cancel it means the group around
  atomic<bool> cancelled{false};

  /// Relaxed: a hint to stop; orders nothing.
  void cancel() noexcept {
    (of_construct && outer != nullptr ? outer : this)->cancelled.store(true, memory_order_relaxed);
  }
  [[nodiscard]] bool is_cancelled() const noexcept {
    return cancelled.load(memory_order_relaxed) || (of_construct && outer != nullptr && outer->is_cancelled());
  }
};

struct task;

/// Which of a task's children read and write at an address, as far as they have been made.
struct address_use {
  task* writer = nullptr;
  std::vector<task*> readers;  // since then
};

struct task {
  explicit task(const control& of_parent, task* made_by = nullptr) noexcept : icv(of_parent), parent(made_by) {}
  task(const task&) = delete;
  task& operator=(const task&) = delete;
  ~task() { delete uses; }

  control icv;
  task* parent;
  task_group* group = nullptr;  // the innermost
  region* team = nullptr;
  void (*function)(void*) = nullptr;
  void* data = nullptr;
  int priority = 0;
  bool final = false;
  bool has_children = false;  // that the region knows or knew of; only its own thread asks
  bool copied = false;        // its function destroys copies that were made, so runs although it is cancelled
  // Under the region's lock.
  bool deferred = false;  // in the list when it can run; else its maker runs it
  bool has_run = false;
  bool detached = false;  // finishes when an event has come, too
  bool has_event = false;
  bool finished = false;
  std::uint32_t awaited = 0;          // tasks that have to finish before it runs
  std::uint32_t references = 1;       // pointers to it that may be used: its own, its children's, address_use's
  atomic<std::uint32_t> children{0};  // unfinished; written under the lock
  std::vector<task*> successors;
  std::unordered_map<const void*, address_use>* uses = nullptr;
  task* next = nullptr;
  task* previous = nullptr;
};

/// What is left to do after the lock when a task has finished.
struct aftermath {
  bool matters = false;  // somebody may be waiting for that, or for a task that can now run, so is to be told
  task* dead = nullptr;  // to be destroyed
};

/// All of a region's tasks. Its functions but `unfinished` are called under `lock`.
class task_pool {
 public:
  word_lock lock;
  bool has_events = false;  // it has had tasks that finish when an event has come

  /// Tasks that have been made and have not finished. Acquire: pairs with the release in remove.
  [[nodiscard]] std::uint32_t unfinished() const noexcept { return unfinished_.load(memory_order_acquire); }

  void add(task& t) noexcept {
    count_up(unfinished_);  // seen by who waits, as the maker waits later
    count_up(t.parent->children);
    ++t.parent->references;
    t.parent->has_children = true;
    if (t.group != nullptr) ++t.group->unfinished;
  }

  /// Behind those of the same priority.
  void push(task& t) noexcept {
    task* after = last_;
    while (after != nullptr && after->priority < t.priority) after = after->previous;
    t.previous = after;
    t.next = after != nullptr ? after->next : first_;
    (t.next != nullptr ? t.next->previous : last_) = &t;
    (after != nullptr ? after->next : first_) = &t;
  }

  /// The first that can run; null: none.
  [[nodiscard]] task* take() noexcept { return take(first_); }
  /// The same of those that `suits`, the newest first.
  template <class Suits>
  [[nodiscard]] task* take_if(const Suits& suits) noexcept {
    task* t = last_;
    while (t != nullptr && !suits(*t)) t = t->previous;
    return take(t);
  }

  /// Notes that t uses addresses, in the order in which its parent's children are made.
  void note_use(task& t, const void* address, bool writes) {
    if (t.parent->uses == nullptr) t.parent->uses = new std::unordered_map<const void*, address_use>;
    address_use& use = (*t.parent->uses)[address];
    if (!writes) {
      wait_for(t, use.writer);
      use.readers.push_back(&t);
      ++t.references;
      return;
    }
    if (use.writer == &t) return;
    if (use.readers.empty()) wait_for(t, use.writer);
    for (task* reader : use.readers) {
      wait_for(t, reader);
      release(*reader);
    }
    use.readers.clear();
    if (use.writer != nullptr) release(*use.writer);
    use.writer = &t;
    ++t.references;
  }

  /// It has run, and its event, if any, has come.
  [[nodiscard]] aftermath remove(task& t) noexcept {
    t.finished = true;
    bool matters = t.has_event;
    for (task* s : t.successors) {
      if (--s->awaited != 0) continue;
      matters = true;
      if (s->deferred) push(*s);
    }
    t.successors.clear();
    matters |= count_down(t.parent->children);  // pairs with the acquire of who waits for its children
    if (t.group != nullptr) matters |= --t.group->unfinished == 0;
    forget_uses(t);
    release(*t.parent);
    matters |= count_down(unfinished_);  // pairs with unfinished
    return {matters, --t.references == 0 ? &t : nullptr};
  }

  /// The same of one that has just run.
  [[nodiscard]] aftermath remove_run(task& t) noexcept {
    t.has_run = true;
    if (t.detached) return {};  // its event finishes it
    return remove(t);
  }

  /// What t knows of its children's addresses is needed no more.
  static void forget_uses(task& t) noexcept {
    if (t.uses == nullptr) return;
    for (auto& [address, use] : *t.uses) {
      if (use.writer != nullptr) release(*use.writer);
      for (task* reader : use.readers) release(*reader);
    }
    delete t.uses;
    t.uses = nullptr;
  }

  /// Implicit tasks, which are on their threads' stacks, keep their own reference, so are never deleted here. For who
  /// has a reference.
  static void release(task& t) noexcept {
    if (--t.references == 0) destroy(t);
  }
  static void destroy(task& t) noexcept {
    t.~task();
    ::operator delete(static_cast<void*>(&t));
  }

 private:
  // All changes are made under the lock, so need not be one step.
  static void count_up(atomic<std::uint32_t>& count) noexcept {
    count.store(count.load(memory_order_relaxed) + 1, memory_order_relaxed);
  }
  /// True: down to nothing. Release: who reads that without the lock sees all that was done before it.
  [[nodiscard]] static bool count_down(atomic<std::uint32_t>& count) noexcept {
    const std::uint32_t left = count.load(memory_order_relaxed) - 1;
    count.store(left, memory_order_release);
    return left == 0;
  }

  static void wait_for(task& t, task* other) {
    if (other == nullptr || other == &t || other->finished) return;
    other->successors.push_back(&t);
    ++t.awaited;
  }

  [[nodiscard]] task* take(task* t) noexcept {
    if (t == nullptr) return nullptr;
    (t->previous != nullptr ? t->previous->next : first_) = t->next;
    (t->next != nullptr ? t->next->previous : last_) = t->previous;
    return t;
  }

  task* first_ = nullptr;
  task* last_ = nullptr;
  atomic<std::uint32_t> unfinished_{0};
};

}  // namespace parloop::inline v0_2::detail::gomp
