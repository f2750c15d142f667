// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The libgomp ABI: tasks, loops of tasks, their groups and reductions. For plug/libgomp.hpp.
#pragma once

#include "abi.hpp"
#include "loop.hpp"
#include "make_task.hpp"

namespace parloop::inline v0_2::detail::gomp {

/// taskloop: cuts the loop into tasks, each of which finds its begin and end in the first two words of its data.
template <class Number>
void make_task_loop(const task_call& call, unsigned long wanted, loop_bounds b) {
  thread_state& me = here();
  const bool grouped = (call.flags & task_nogroup) == 0;
  if (b.count == 0) {
    if ((call.flags & (task_nogroup | task_reduction)) == task_reduction) {
      std::uintptr_t* const reductions = static_cast<std::uintptr_t**>(call.data)[2 * sizeof(Number) / sizeof(void*)];
      reductions[2] = 0;  // so that its end finds nothing
    }
    return;
  }
  task_group group;
  if (grouped) {
    begin_group(me, group);
    if ((call.flags & task_reduction) != 0) {
      std::uintptr_t* const reductions = static_cast<std::uintptr_t**>(call.data)[2 * sizeof(Number) / sizeof(void*)];
      make_reductions(reductions, group.reductions, me.team->size);
      group.reductions = reductions;
    }
  }
  const std::uint64_t asked = wanted;
  std::uint64_t tasks = asked != 0 ? asked : static_cast<std::uint64_t>(me.team->size);
  std::uint64_t strict = 0;  // so many iterations in each
  if ((call.flags & task_grainsize) != 0) {
    tasks = larger<std::uint64_t>(b.count / larger<std::uint64_t>(asked, 1), 1);
    if ((call.flags & task_strict) != 0) {
      strict = asked;
      tasks = b.count / asked + (b.count % asked != 0 ? 1 : 0);
    }
  }
  tasks = smaller(tasks, b.count);
  const std::uint64_t each = b.count / tasks;
  const std::uint64_t more = b.count % tasks;
  std::uint64_t begin = 0;
  for (std::uint64_t i = 0; i < tasks; ++i) {
    const std::uint64_t end = strict != 0 ? smaller(begin + strict, b.count) : begin + each + (i < more ? 1 : 0);
    make_task(me, call, (call.flags & task_if) != 0, nullptr, nullptr, [&](void* data) {
      static_cast<Number*>(data)[0] = static_cast<Number>(b.start + begin * b.step);
      static_cast<Number*>(data)[1] = static_cast<Number>(end == b.count ? b.end : b.start + end * b.step);
    });
    begin = end;
  }
  if (grouped) end_group(me);
}

extern "C" {

PARLOOP_GOMP_ABI void GOMP_task(void (*f)(void*), void* data, void (*copy)(void*, void*), long size, long align,
                                bool deferred, unsigned flags, void** depend, int priority, void* event) noexcept {
  const task_call call{f, data, copy, size, align, flags, (flags & task_priority) != 0 ? priority : 0};
  make_task(here(), call, deferred, (flags & task_depend) != 0 ? depend : nullptr,
            (flags & task_detach) != 0 ? static_cast<void**>(event) : nullptr, [](void*) {});
}

PARLOOP_GOMP_ABI void GOMP_taskloop(void (*f)(void*), void* data, void (*copy)(void*, void*), long size, long align,
                                    unsigned flags, unsigned long wanted, int priority, long start, long end,
                                    long step) noexcept {
  make_task_loop<long>({f, data, copy, size, align, flags, priority}, wanted, loop_bounds::of_signed(start, end, step));
}

PARLOOP_GOMP_ABI void GOMP_taskloop_ull(void (*f)(void*), void* data, void (*copy)(void*, void*), long size, long align,
                                        unsigned flags, unsigned long wanted, int priority, unsigned long long start,
                                        unsigned long long end, unsigned long long step) noexcept {
  make_task_loop<unsigned long long>({f, data, copy, size, align, flags, priority}, wanted,
                                     loop_bounds::of_unsigned((flags & task_up) != 0, start, end, step));
}

PARLOOP_GOMP_ABI void GOMP_taskwait() noexcept { wait_for_children(here()); }

PARLOOP_GOMP_ABI void GOMP_taskwait_depend(void** depend) noexcept {
  const task_call nothing{[](void*) {}, nullptr, nullptr, 0, 1, 0, 0};
  make_task(here(), nothing, false, depend, nullptr, [](void*) {});
}

PARLOOP_GOMP_ABI void GOMP_taskyield() noexcept {}

PARLOOP_GOMP_ABI void GOMP_taskgroup_start() noexcept { begin_group(here(), *new task_group); }

PARLOOP_GOMP_ABI void GOMP_taskgroup_end() noexcept {
  thread_state& me = here();
  const std::unique_ptr<task_group> group(me.current->group);
  end_group(me);
}

PARLOOP_GOMP_ABI void GOMP_taskgroup_reduction_register(std::uintptr_t* reductions) noexcept {
  thread_state& me = here();
  make_reductions(reductions, me.current->group->reductions, me.team->size);
  me.current->group->reductions = reductions;
}

PARLOOP_GOMP_ABI void GOMP_taskgroup_reduction_unregister(std::uintptr_t* reductions) noexcept {
  release_reductions(reductions);
}

PARLOOP_GOMP_ABI void GOMP_task_reduction_remap(std::size_t count, std::size_t originals, void** addresses) noexcept {
  thread_state& me = here();
  for (std::size_t i = 0; i < count; ++i) {
    void* const original = remap(me.current->group->reductions, addresses[i], me.number);
    if (i < originals) addresses[count + i] = original;
  }
}

PARLOOP_GOMP_ABI void GOMP_workshare_task_reduction_unregister(bool cancelled) noexcept {
  thread_state& me = here();
  const std::unique_ptr<task_group> group(me.current->group);
  end_group(me);
  if (cancelled) return;  // others may be using the memory still
  barrier(me, false);
  release_reductions(group->reductions);
}

PARLOOP_GOMP_ABI void omp_fulfill_event(std::uintptr_t event) noexcept { fulfill(*reinterpret_cast<task*>(event)); }
PARLOOP_GOMP_ABI void omp_fulfill_event_(std::uintptr_t event) noexcept { omp_fulfill_event(event); }  // by value

PARLOOP_GOMP_ABI int omp_in_final() noexcept { return here().current->final ? 1 : 0; }
PARLOOP_GOMP_ABI int omp_in_final_() noexcept { return omp_in_final(); }

}  // extern "C"

}  // namespace parloop::inline v0_2::detail::gomp
