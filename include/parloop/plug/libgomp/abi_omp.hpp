// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The OpenMP API, in C and as Fortran calls it: what a thread is, and the control variables. For plug/libgomp.hpp.
#pragma once

#include <time.h>

#include <algorithm>
#include <cstring>

#include "abi.hpp"
#include "parallel.hpp"

namespace parloop::inline v0_2::detail::gomp {

/// The region that is `level` deep, of those that the thread is in, and its number there; null: there is none.
struct ancestor {
  const region* team;
  int number;
};
[[nodiscard]] inline ancestor find_ancestor(int level) noexcept {
  const thread_state& me = here();
  ancestor a{me.team, me.number};
  if (level < 0 || level > me.team->level) return {nullptr, -1};
  while (a.team->level > level) a = {a.team->outer, a.team->outer_number};
  return a;
}

[[nodiscard]] inline control& own_control() { return here().current->icv; }

[[nodiscard]] inline double seconds(clockid_t clock, int (*ask)(clockid_t, timespec*)) noexcept {
  timespec t{};
  ask(clock, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

#define PARLOOP_GOMP_GET(type, name, ...) \
  PARLOOP_GOMP_ABI type name() noexcept {__VA_ARGS__} PARLOOP_GOMP_ABI type name##_() noexcept { return name(); }
// Fortran passes addresses, and has the same for integers of 8 bytes.
#define PARLOOP_GOMP_GET_OF(name, ...)                                                      \
  PARLOOP_GOMP_ABI int name(int value) noexcept {__VA_ARGS__} PARLOOP_GOMP_ABI int name##_( \
      const int* value) noexcept {                                                          \
    return name(*value);                                                                    \
  }                                                                                         \
  PARLOOP_GOMP_ABI int name##_8_(const std::int64_t* value) noexcept {                      \
    return name(static_cast<int>(std::clamp<std::int64_t>(*value, INT_MIN, INT_MAX)));      \
  }
#define PARLOOP_GOMP_SET(name, ...)                                                           \
  PARLOOP_GOMP_ABI void name(int value) noexcept {__VA_ARGS__} PARLOOP_GOMP_ABI void name##_( \
      const int* value) noexcept {                                                            \
    name(*value);                                                                             \
  }                                                                                           \
  PARLOOP_GOMP_ABI void name##_8_(const std::int64_t* value) noexcept {                       \
    name(static_cast<int>(std::clamp<std::int64_t>(*value, INT_MIN, INT_MAX)));               \
  }

extern "C" {

PARLOOP_GOMP_GET(int, omp_get_thread_num, return this_thread.number;)
PARLOOP_GOMP_GET(int, omp_get_num_threads, const auto* const team = this_thread.team;
                 return team != nullptr ? team->size : 1;)
PARLOOP_GOMP_GET(int, omp_get_max_threads, return own_control().threads;)
PARLOOP_GOMP_SET(omp_set_num_threads, own_control().threads = value > 0 ? value : 1;)
PARLOOP_GOMP_GET(int, omp_get_num_procs, return program_settings().cpus;)
PARLOOP_GOMP_GET(int, omp_in_parallel, return here().team->active_level > 0 ? 1 : 0;)
PARLOOP_GOMP_GET(int, omp_get_dynamic, return own_control().dynamic ? 1 : 0;)
PARLOOP_GOMP_SET(omp_set_dynamic, own_control().dynamic = value != 0;)
PARLOOP_GOMP_GET(int, omp_get_nested, const int most = own_control().most_active;
                 return most > 1 && most > here().team->active_level ? 1 : 0;)
PARLOOP_GOMP_SET(
    omp_set_nested, int& most = own_control().most_active; if (value != 0) {
      if (most <= 1) most = most_levels;
    } else if (most > 1) { most = 1; })
PARLOOP_GOMP_GET(int, omp_get_max_active_levels, return own_control().most_active;)
PARLOOP_GOMP_SET(
    omp_set_max_active_levels, if (value >= 0) { own_control().most_active = std::min(value, most_levels); })
PARLOOP_GOMP_GET(int, omp_get_supported_active_levels, return most_levels;)
PARLOOP_GOMP_GET(int, omp_get_level, return here().team->level;)
PARLOOP_GOMP_GET(int, omp_get_active_level, return here().team->active_level;)
PARLOOP_GOMP_GET_OF(omp_get_ancestor_thread_num, return find_ancestor(value).number;)
PARLOOP_GOMP_GET_OF(omp_get_team_size, const auto found = find_ancestor(value);
                    return found.team != nullptr ? found.team->size : -1;)
PARLOOP_GOMP_GET(int, omp_get_thread_limit, return own_control().thread_limit;)
PARLOOP_GOMP_GET(int, omp_get_cancellation, return program_settings().cancellation ? 1 : 0;)
PARLOOP_GOMP_GET(int, omp_get_max_task_priority, return program_settings().task_priority;)

PARLOOP_GOMP_ABI void omp_set_schedule(unsigned kind, int size) noexcept {
  const unsigned plain = kind & ~monotonic;
  if (plain < static_cast<unsigned>(schedule::fixed) || plain > static_cast<unsigned>(schedule::automatic)) return;
  control& icv = own_control();
  icv.run_schedule = kind;
  icv.run_chunk = plain == static_cast<unsigned>(schedule::automatic) ? 0
                  : size > 0                                          ? size
                  : plain == static_cast<unsigned>(schedule::fixed)   ? 0
                                                                      : 1;
}
PARLOOP_GOMP_ABI void omp_set_schedule_(const unsigned* kind, const int* size) noexcept {
  omp_set_schedule(*kind, *size);
}
PARLOOP_GOMP_ABI void omp_set_schedule_8_(const unsigned* kind, const std::int64_t* size) noexcept {
  omp_set_schedule(*kind, static_cast<int>(std::clamp<std::int64_t>(*size, INT_MIN, INT_MAX)));
}
PARLOOP_GOMP_ABI void omp_get_schedule(unsigned* kind, int* size) noexcept {
  const auto& icv = own_control();
  *kind = icv.run_schedule;
  *size = static_cast<int>(icv.run_chunk);
}
PARLOOP_GOMP_ABI void omp_get_schedule_(unsigned* kind, int* size) noexcept { omp_get_schedule(kind, size); }
PARLOOP_GOMP_ABI void omp_get_schedule_8_(unsigned* kind, std::int64_t* size) noexcept {
  int value = 0;
  omp_get_schedule(kind, &value);
  *size = value;
}

PARLOOP_GOMP_GET(double, omp_get_wtime, return seconds(CLOCK_MONOTONIC, ::clock_gettime);)
PARLOOP_GOMP_GET(double, omp_get_wtick, return seconds(CLOCK_MONOTONIC, ::clock_getres);)

// Threads are not bound, so there are no places.
PARLOOP_GOMP_GET(int, omp_get_proc_bind, return 0;)
PARLOOP_GOMP_GET(int, omp_get_num_places, return 0;)
PARLOOP_GOMP_GET(int, omp_get_place_num, return -1;)
PARLOOP_GOMP_GET(int, omp_get_partition_num_places, return 0;)
PARLOOP_GOMP_ABI int omp_get_place_num_procs(int) noexcept { return 0; }
PARLOOP_GOMP_ABI int omp_get_place_num_procs_(const int*) noexcept { return 0; }
PARLOOP_GOMP_ABI int omp_get_place_num_procs_8_(const std::int64_t*) noexcept { return 0; }
PARLOOP_GOMP_ABI void omp_get_place_proc_ids(int, int*) noexcept {}
PARLOOP_GOMP_ABI void omp_get_place_proc_ids_(const int*, int*) noexcept {}
PARLOOP_GOMP_ABI void omp_get_place_proc_ids_8_(const std::int64_t*, std::int64_t*) noexcept {}
PARLOOP_GOMP_ABI void omp_get_partition_place_nums(int*) noexcept {}
PARLOOP_GOMP_ABI void omp_get_partition_place_nums_(int*) noexcept {}
PARLOOP_GOMP_ABI void omp_get_partition_place_nums_8_(std::int64_t*) noexcept {}

PARLOOP_GOMP_GET(int, omp_get_num_teams, return this_thread.teams;)
PARLOOP_GOMP_GET(int, omp_get_team_num, return this_thread.team_number;)
PARLOOP_GOMP_GET(int, omp_get_max_teams, return program_settings().teams.load(memory_order_relaxed);)
PARLOOP_GOMP_SET(
    omp_set_num_teams, if (value > 0) { program_settings().teams.store(value, memory_order_relaxed); })
PARLOOP_GOMP_GET(int, omp_get_teams_thread_limit,
                 return program_settings().teams_thread_limit.load(memory_order_relaxed);)
PARLOOP_GOMP_SET(
    omp_set_teams_thread_limit,
    if (value > 0) { program_settings().teams_thread_limit.store(value, memory_order_relaxed); })

// Threads sleep and hold nothing between regions, so there is nothing to give back.
PARLOOP_GOMP_ABI int omp_pause_resource(int kind, int) noexcept { return kind == 1 || kind == 2 ? 0 : -1; }
PARLOOP_GOMP_ABI int omp_pause_resource_(const int* kind, const int*) noexcept { return omp_pause_resource(*kind, 0); }
PARLOOP_GOMP_ABI int omp_pause_resource_all(int kind) noexcept { return omp_pause_resource(kind, 0); }
PARLOOP_GOMP_ABI int omp_pause_resource_all_(const int* kind) noexcept { return omp_pause_resource(*kind, 0); }

}  // extern "C"

}  // namespace parloop::inline v0_2::detail::gomp
