// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The libgomp ABI: regions, barriers, single, critical, ordered, cancellation, teams. For plug/libgomp.hpp.
#pragma once

#include <algorithm>

#include "abi.hpp"
#include "loop.hpp"
#include "parallel.hpp"
#include "reduction.hpp"

namespace parloop::inline v0_2::detail::gomp {

inline constinit word_lock atomic_lock{};    // of GOMP_atomic_start
inline constinit word_lock critical_lock{};  // of critical sections without a name

/// What a cancellation, or a point of one, is about.
enum cancelled_construct : unsigned { cancel_parallel = 1, cancel_loop = 2, cancel_sections = 4, cancel_group = 8 };

[[nodiscard]] inline bool is_cancelled(const thread_state& me, unsigned which) noexcept {
  if (me.team->cancelled.load(memory_order_relaxed)) return true;
  if ((which & (cancel_loop | cancel_sections)) != 0) return me.team->loop_cancelled.load(memory_order_relaxed);
  if ((which & cancel_group) != 0 && me.current->group != nullptr) {
    return me.current->group->is_cancelled();
  }
  return false;
}

extern "C" {

PARLOOP_GOMP_ABI void GOMP_parallel(void (*f)(void*), void* data, unsigned threads, unsigned) noexcept {
  run_parallel(f, data, threads, [](auto&) {});
}

PARLOOP_GOMP_ABI unsigned GOMP_parallel_reductions(void (*f)(void*), void* data, unsigned threads, unsigned) noexcept {
  auto* const reductions = *static_cast<std::uintptr_t**>(data);
  task_group group;
  return static_cast<unsigned>(run_parallel(f, data, threads, [&](parallel& p) {
    if (group.reductions == nullptr)
      make_reductions(reductions, nullptr, p.team().size);  // else: for more than it gets
    group.reductions = reductions;
    p.begin_in(group);
  }));
}

PARLOOP_GOMP_ABI void GOMP_parallel_start(void (*f)(void*), void* data, unsigned threads) noexcept {
  open_parallel(f, data, threads, [](auto&) {});
}

PARLOOP_GOMP_ABI void GOMP_parallel_end() noexcept {
  const std::unique_ptr<parallel> p(static_cast<parallel*>(this_thread.opened));
  p->close();
}

PARLOOP_GOMP_ABI void GOMP_barrier() noexcept { barrier(here(), false); }

PARLOOP_GOMP_ABI bool GOMP_barrier_cancel() noexcept { return barrier(here(), true); }

PARLOOP_GOMP_ABI bool GOMP_single_start() noexcept {
  thread_state& me = here();
  return me.team->is_first(me);
}

PARLOOP_GOMP_ABI void* GOMP_single_copy_start() noexcept {
  thread_state& me = here();
  if (me.team->is_first(me)) return nullptr;
  barrier(me, false);
  return me.team->copied.load(memory_order_relaxed);  // the barrier orders it
}

PARLOOP_GOMP_ABI void GOMP_single_copy_end(void* data) noexcept {
  thread_state& me = here();
  me.team->copied.store(data, memory_order_relaxed);  // likewise
  barrier(me, false);
}

PARLOOP_GOMP_ABI void GOMP_scope_start(std::uintptr_t* reductions) noexcept {
  thread_state& me = here();
  if (reductions != nullptr)
    come_to_construct(
        me, [](work_share&) {}, reductions, nullptr);
}

PARLOOP_GOMP_ABI void GOMP_critical_start() noexcept { critical_lock.lock(); }
PARLOOP_GOMP_ABI void GOMP_critical_end() noexcept { critical_lock.unlock(); }
PARLOOP_GOMP_ABI void GOMP_atomic_start() noexcept { atomic_lock.lock(); }
PARLOOP_GOMP_ABI void GOMP_atomic_end() noexcept { atomic_lock.unlock(); }

// The pointer of each name, null at first, is large enough for a lock.
PARLOOP_GOMP_ABI void GOMP_critical_name_start(void** name) noexcept { reinterpret_cast<word_lock*>(name)->lock(); }
PARLOOP_GOMP_ABI void GOMP_critical_name_end(void** name) noexcept { reinterpret_cast<word_lock*>(name)->unlock(); }

PARLOOP_GOMP_ABI void GOMP_ordered_start() noexcept { wait_for_turn(here()); }
PARLOOP_GOMP_ABI void GOMP_ordered_end() noexcept {}

PARLOOP_GOMP_ABI bool GOMP_cancel(int which, bool really) noexcept {
  if (!program_settings().cancellation) return false;
  thread_state& me = here();
  const auto what = static_cast<unsigned>(which);
  if (!really) return is_cancelled(me, what);
  if ((what & (cancel_loop | cancel_sections)) != 0) {
    me.team->loop_cancelled.store(true, memory_order_relaxed);  // a hint to stop; orders nothing
  } else if ((what & cancel_group) != 0) {
    if (me.current->group != nullptr) me.current->group->cancel();
  } else {
    me.team->cancelled.store(true, memory_order_relaxed);
    me.team->changed.advance();
  }
  return true;
}

PARLOOP_GOMP_ABI bool GOMP_cancellation_point(int which) noexcept {
  return program_settings().cancellation && is_cancelled(here(), static_cast<unsigned>(which));
}

/// A league of teams, one after the other.
PARLOOP_GOMP_ABI void GOMP_teams_reg(void (*f)(void*), void* data, unsigned teams, unsigned limit, unsigned) noexcept {
  thread_state& me = here();
  const thread_state before = me;
  settings& s = program_settings();
  if (teams == 0) teams = static_cast<unsigned>(std::max(s.teams.load(memory_order_relaxed), 0));
  if (teams == 0) teams = 1;
  if (limit == 0) limit = static_cast<unsigned>(std::max(s.teams_thread_limit.load(memory_order_relaxed), 0));
  const control icv = me.current->icv;
  if (limit != 0) me.current->icv.thread_limit = static_cast<int>(std::min<unsigned>(limit, INT_MAX));
  me.teams = static_cast<int>(teams);
  for (unsigned i = 0; i < teams; ++i) {
    me.team_number = static_cast<int>(i);
    f(data);
  }
  me.teams = before.teams;
  me.team_number = before.team_number;
  me.current->icv = icv;
}

/// The league of a target region, which runs on this computer: its teams one after the other, as long as it says true.
PARLOOP_GOMP_ABI bool GOMP_teams4(unsigned, unsigned most, unsigned limit, bool first) noexcept {
  thread_state& me = here();
  if (!first) return ++me.team_number < me.teams;
  if (limit != 0) me.current->icv.thread_limit = static_cast<int>(std::min<unsigned>(limit, INT_MAX));
  const int set = program_settings().teams.load(memory_order_relaxed);
  me.teams = most != 0 ? static_cast<int>(most) : std::max(set, 1);
  me.team_number = 0;
  return true;
}

PARLOOP_GOMP_ABI void GOMP_teams(unsigned, unsigned limit) noexcept { GOMP_teams4(1, 1, limit, true); }

[[noreturn]] PARLOOP_GOMP_ABI void GOMP_error(const char* text, std::size_t size) noexcept {
  std::fprintf(stderr, "parloop: libgomp plug: error directive encountered: %.*s\n", static_cast<int>(size), text);
  std::exit(1);
}
PARLOOP_GOMP_ABI void GOMP_warning(const char* text, std::size_t size) noexcept {
  std::fprintf(stderr, "parloop: libgomp plug: warning directive encountered: %.*s\n", static_cast<int>(size), text);
}

}  // extern "C"

}  // namespace parloop::inline v0_2::detail::gomp
