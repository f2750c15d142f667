// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How a task is made: left to others, or run at once. For plug/libgomp.hpp.
#pragma once

#include <cstring>
#include <new>

#include "parallel.hpp"

namespace parloop::inline v0_2::detail::gomp {

/// Flags as the ABI has them.
enum task_flag : unsigned {
  task_final = 1U << 1,
  task_depend = 1U << 3,
  task_priority = 1U << 4,
  task_up = 1U << 8,
  task_grainsize = 1U << 9,
  task_if = 1U << 10,
  task_nogroup = 1U << 11,
  task_reduction = 1U << 12,
  task_detach = 1U << 13,
  task_strict = 1U << 14
};

/// What a program says of a task. `copy` makes its data from the maker's; null: the bytes are copied.
struct task_call {
  void (*function)(void*);
  void* data;
  void (*copy)(void*, void*);
  long size;
  long align;
  unsigned flags;
  int priority;
};

/// Calls f(address, whether it is written) for each dependence; the list has one of two forms.
template <class Function>
void for_each_dependence(void** list, const Function& f) {
  const auto number = [&](std::size_t i) { return reinterpret_cast<std::uintptr_t>(list[i]); };
  if (number(0) != 0) {  // all, those that write, addresses
    for (std::size_t i = 0; i < number(0); ++i) f(list[2 + i], i < number(1));
    return;
  }
  // 0, all, those that write, that exclude each other, that read, addresses; what is left points to omp_depend_t.
  const std::size_t writing = number(2) + number(3);
  const std::size_t plain = writing + number(4);
  for (std::size_t i = 0; i < number(1); ++i) {
    if (i < plain) {
      f(list[5 + i], i < writing);
    } else {
      void** const object = static_cast<void**>(list[5 + i]);
      constexpr std::uintptr_t reading = 1;
      f(object[0], reinterpret_cast<std::uintptr_t>(object[1]) != reading);
    }
  }
}

/// Its event has come. Who says so need not be in the region, which may end as soon as its lock is free.
inline void fulfill(task& t) noexcept {
  region& r = *t.team;
  const locked l(r.tasks.lock);
  t.detached = false;
  if (t.has_run) finish(r, r.tasks.remove(t));
}

/// A task of the calling thread's, with data of its own, or the maker's. `event`: where the handle of its event goes,
/// if it has one. `adjust` is called with its data.
template <class Adjust>
[[nodiscard]] task& new_task(thread_state& me, const task_call& call, bool own_data, void** event,
                             const Adjust& adjust) {
  task& parent = *me.current;
  const auto align = static_cast<std::size_t>(call.align > 0 ? call.align : 1);
  const auto size = static_cast<std::size_t>(call.size);
  void* const memory = ::operator new(sizeof(task) + (own_data ? size + align : 0));
  task& t = *new (memory) task(parent.icv, &parent);
  t.team = me.team;
  t.group = parent.group;
  t.function = call.function;
  t.data = call.data;
  t.priority = call.priority;
  t.final = parent.final || (call.flags & task_final) != 0;
  t.detached = t.has_event = event != nullptr;
  if (event != nullptr) {
    *event = &t;
    if (call.data != nullptr) *static_cast<void**>(call.data) = &t;  // where the task looks for it
  }
  if (own_data) {
    const auto behind = reinterpret_cast<std::uintptr_t>(memory) + sizeof(task);
    t.data = reinterpret_cast<void*>((behind + align - 1) / align * align);
    if (call.copy != nullptr) {
      t.copied = true;
      task* const before = me.current;
      me.current = &t;
      call.copy(t.data, call.data);
      me.current = before;
    } else if (size != 0) {
      std::memcpy(t.data, call.data, size);
    }
  }
  adjust(t.data);
  return t;
}

/// Makes a task of the calling thread's. `deferred`: others may run it later. `event`: where the handle of its event
/// goes, if it has one. `adjust` is called with its data.
template <class Adjust>
void make_task(thread_state& me, const task_call& call, bool deferred, void** depend, void** event,
               const Adjust& adjust) {
  region& r = *me.team;
  task& parent = *me.current;
  if (r.cancelled.load(memory_order_relaxed) || (parent.group != nullptr && parent.group->is_cancelled())) {
    return;
  }
  const bool waits_for_event = event != nullptr && !deferred;
  constexpr std::uint32_t many = 64;  // for each thread
  if (r.size == 1 || parent.final || r.tasks.unfinished() > many * static_cast<std::uint32_t>(r.size)) deferred = false;
  task& t = new_task(me, call, deferred || call.copy != nullptr, event, adjust);
  if (!deferred && depend == nullptr && event == nullptr) {
    // It waits for nothing, and nobody for it, as its maker goes on when it has run: the region need not know of it.
    call_task(me, t);
    forget_included(t);
    return;
  }

  t.deferred = deferred;
  bool ready = true;
  {
    const locked l(r.tasks.lock);
    r.tasks.add(t);
    if (depend != nullptr) {
      for_each_dependence(depend, [&](const void* address, bool writes) { r.tasks.note_use(t, address, writes); });
    }
    ready = t.awaited == 0;
    if (event != nullptr) r.tasks.has_events = true;
    if (waits_for_event) ++t.references;
    if (deferred && ready) r.tasks.push(t);
  }
  if (deferred) {
    if (!tasks_are_used.load(memory_order_relaxed)) tasks_are_used.store(true, memory_order_relaxed);
    if (ready) r.changed.advance();
    return;
  }
  if (!ready) {
    wait_for_tasks(
        me, [&] { return t.awaited == 0; }, [&](const task& other) { return other.parent == &parent; });
  }
  run_task(me, t);
  if (waits_for_event) {
    wait_for_tasks(
        me, [&] { return t.finished; }, [&](const task& other) { return other.parent == &parent; });
    const locked l(r.tasks.lock);
    task_pool::release(t);
  }
}

}  // namespace parloop::inline v0_2::detail::gomp
