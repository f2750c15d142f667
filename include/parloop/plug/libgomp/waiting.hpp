// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How threads of a region wait, for each other and for tasks, and run tasks meanwhile. For plug/libgomp.hpp.
#pragma once

#include "region.hpp"

namespace parloop::inline v0_2::detail::gomp {

/// Calls its function, unless it has been cancelled, in the calling thread.
inline void call_task(thread_state& me, task& t) {
  const bool stopped =
      !t.copied && (me.team->cancelled.load(memory_order_relaxed) || (t.group != nullptr && t.group->is_cancelled()));
  if (stopped) return;
  task* const before = me.current;
  me.current = &t;
  t.function(t.data);
  me.current = before;
}

/// Who has changed something under the lock that others wait for tells them, after it.
inline void finish(region& r, aftermath left) noexcept {
  if (left.matters) r.changed.advance();
  if (left.dead != nullptr) task_pool::destroy(*left.dead);
}

inline void run_task(thread_state& me, task& t) {
  region& r = *me.team;
  call_task(me, t);
  aftermath left;
  {
    const locked l(r.tasks.lock);
    left = r.tasks.remove_run(t);
  }
  finish(r, left);
}

/// The end of a task that the region has not known of. Tasks that it has made may still point to it.
inline void forget_included(task& t) noexcept {
  if (!t.has_children) return task_pool::release(t);
  const locked l(t.team->tasks.lock);
  task_pool::forget_uses(t);
  task_pool::release(t);
}

/// Returns when done(), which is called under the lock; meanwhile runs tasks that `suits`.
template <class Done, class Suits>
void wait_for_tasks(thread_state& me, const Done& done, const Suits& suits) {
  region& r = *me.team;
  task* t = nullptr;  // has run
  while (true) {
    const std::uint32_t seen = r.changed.count();
    task* next = nullptr;
    aftermath left;
    bool is_done = false;
    {
      const locked l(r.tasks.lock);  // once for each task
      if (t != nullptr) left = r.tasks.remove_run(*t);
      is_done = done();
      if (!is_done) next = r.tasks.take_if(suits);
    }
    finish(r, left);
    if (is_done) return;
    t = next;
    if (t != nullptr) {
      call_task(me, *t);
    } else {
      static_cast<void>(r.changed.wait_while(seen, r.polling(me)));
    }
  }
}

/// Runs tasks until none can run; false: there was none.
inline bool run_tasks(thread_state& me) {
  region& r = *me.team;
  task* t = nullptr;
  {
    const locked l(r.tasks.lock);
    t = r.tasks.take();
  }
  const bool found = t != nullptr;
  while (t != nullptr) {
    call_task(me, *t);
    task* next = nullptr;
    aftermath left;
    {
      const locked l(r.tasks.lock);
      left = r.tasks.remove_run(*t);
      next = r.tasks.take();
    }
    finish(r, left);
    t = next;
  }
  return found;
}

/// Returns when all members have come for the `round`-th time and all tasks have finished, or, where that may be, when
/// the region is cancelled: true.
inline bool meet(thread_state& me, meeting_point& at, std::uint32_t round, bool cancellable) {
  region& r = *me.team;
  const std::uint32_t all = round * static_cast<std::uint32_t>(r.size);  // both wrap around
  // Release and acquire: the last to come has seen what all others wrote, and passes it on by `passed`.
  bool all_came = at.come.fetch_add(1, memory_order_acq_rel) + 1 == all || r.alone();
  if (all_came && r.loop_cancelled.load(memory_order_relaxed)) r.loop_cancelled.store(false, memory_order_relaxed);
  while (true) {
    if (all_came && r.tasks.unfinished() == 0) {
      // Of several that find this all store the same: none can come here for the next round before the last has left.
      at.passed.store(round, memory_order_release);  // pairs with the load below
      r.changed.advance();
      return cancellable && r.cancelled.load(memory_order_relaxed);
    }
    const std::uint32_t seen = r.changed.count();
    if (at.passed.load(memory_order_acquire) == round) return cancellable && r.cancelled.load(memory_order_relaxed);
    if (cancellable && r.cancelled.load(memory_order_relaxed)) return true;
    if (r.tasks.unfinished() != 0 && run_tasks(me)) continue;
    if (at.come.load(memory_order_acquire) == all) {  // pairs with the addition above
      all_came = true;
      if (r.tasks.unfinished() == 0) continue;
    }
    static_cast<void>(r.changed.wait_while(seen, r.polling(me)));
  }
}

/// A barrier inside of a region. True: the region is cancelled, and it may be.
inline bool barrier(thread_state& me, bool cancellable) {
  if (me.team->size == 1 && me.team->tasks.unfinished() == 0) {
    me.team->loop_cancelled.store(false, memory_order_relaxed);
    return cancellable && me.team->cancelled.load(memory_order_relaxed);
  }
  if (cancellable && me.team->cancelled.load(memory_order_relaxed)) return true;
  return meet(me, me.team->inner, ++me.barriers, cancellable);
}

/// Returns when all tasks that the calling one has made have finished.
inline void wait_for_children(thread_state& me) {
  task& t = *me.current;
  // Acquire: pairs with the release in task_pool::remove.
  if (t.children.load(memory_order_acquire) != 0) {
    wait_for_tasks(
        me, [&] { return t.children.load(memory_order_relaxed) == 0; }, [&](const task& c) { return c.parent == &t; });
  }
}

/// Begins and ends a group of the calling task's. The group is the caller's.
inline void begin_group(thread_state& me, task_group& group) noexcept {
  group.outer = me.current->group;
  if (group.outer != nullptr) group.reductions = group.outer->reductions;
  me.current->group = &group;
}
inline void end_group(thread_state& me) {
  task& t = *me.current;
  task_group& group = *t.group;
  if (me.team->tasks.unfinished() != 0) {
    wait_for_tasks(
        me, [&] { return group.unfinished == 0; }, [&](const task& c) { return c.group == &group || c.parent == &t; });
  }
  t.group = group.outer;
}

}  // namespace parloop::inline v0_2::detail::gomp
