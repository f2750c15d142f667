// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// OpenMP's internal control variables: those that each task has a copy of, and those of the whole program, with the
/// OMP_* environment that sets them. For plug/libgomp.hpp.
#pragma once

#include <strings.h>

#include <cctype>
#include <climits>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <vector>

#include "../../detail/base/cpu_count.hpp"
#include "../../detail/base/environment.hpp"
#include "../../detail/base/thread.hpp"
#include "../../detail/base/warning.hpp"

namespace parloop::inline v0_2::detail::gomp {

/// A schedule's kind, as the ABI has it.
enum class schedule : unsigned { runtime = 0, fixed = 1, dynamic = 2, guided = 3, automatic = 4 };
inline constexpr unsigned monotonic = 0x80000000U;

inline constexpr int most_levels = 255;  // what libgomp says of itself, too

/// What each task has of its own, and hands on to the tasks that it makes.
struct control {
  int threads = 1;  // of the next region, if it does not say
  unsigned run_schedule = static_cast<unsigned>(schedule::dynamic);
  long run_chunk = 1;
  int device = 0;
  int thread_limit = INT_MAX;
  int most_active = 1;  // regions inside each other that have more than one thread
  bool dynamic = false;
  std::uintptr_t allocator = 1;  // omp_default_mem_alloc
};

/// What the whole program has, as of when the environment was read.
struct settings {
  control first;
  std::vector<int> threads;  // OMP_NUM_THREADS: of the outermost region, of those inside it, ...
  int cpus = 1;
  bool cancellation = false;
  int task_priority = 0;
  atomic<int> teams{0};
  atomic<int> teams_thread_limit{0};
  int wait_policy = 0;  // 1: active, -1: passive
  bool display_affinity = false;
  bool must_offload = false;
};

[[nodiscard, gnu::cold]] inline const char* without_blanks(const char* text) noexcept {
  while (std::isspace(static_cast<unsigned char>(*text)) != 0) ++text;
  return text;
}

/// The number at `text`, from `low` on, which it passes; -1 and a complaint when there is none.
[[gnu::cold]] inline long take_number(const char* name, const char*& text, long low) noexcept {
  char* end = nullptr;
  const long value = std::strtol(text, &end, 10);
  const char* const rest = without_blanks(end);
  if (end == text || value < low) {
    complain_about(name, text, "a number");
    return -1;
  }
  text = rest;
  return value;
}

/// The variable's number, if it is one of `low` to `high` and nothing else.
[[gnu::cold]] inline bool read_number(const char* name, long low, long high, int& into) noexcept {
  const char* text = environment_variable(name);
  if (text == nullptr) return false;
  const char* const whole = text;
  const long value = take_number(name, text, low);
  if (value < 0) return false;
  if (*text != '\0' || value > high) {
    complain_about(name, whole, "a number");
    return false;
  }
  into = static_cast<int>(value);
  return true;
}

[[gnu::cold]] inline bool read_truth(const char* name, bool& into) noexcept {
  const char* const text = environment_variable(name);
  if (text == nullptr) return false;
  const char* const start = without_blanks(text);
  for (const bool value : {false, true}) {
    const char* const word = value ? "true" : "false";
    if (::strncasecmp(start, word, std::strlen(word)) == 0 && *without_blanks(start + std::strlen(word)) == '\0') {
      into = value;
      return true;
    }
  }
  complain_about(name, text, "true or false");
  return false;
}

/// "4M": bytes, in K if it does not say. 0 when it is not set or no good.
[[gnu::cold, nodiscard]] inline std::size_t read_size(const char* name) noexcept {
  const char* text = environment_variable(name);
  if (text == nullptr) return 0;
  const char* const whole = text;
  const long value = take_number(name, text, 0);
  if (value < 0) return 0;
  unsigned shift = 10;
  if (*text != '\0') {
    const char* const units = "bkmg";
    const char* const unit = std::strchr(units, std::tolower(static_cast<unsigned char>(*text)));
    if (unit == nullptr || *without_blanks(text + 1) != '\0') {
      complain_about(name, whole, "a size, as in 4M");
      return 0;
    }
    shift = static_cast<unsigned>(unit - units) * 10;
  }
  return static_cast<std::size_t>(value) << shift;
}

/// "nonmonotonic:dynamic,4".
[[gnu::cold]] inline void read_schedule(control& into) noexcept {
  const char* const whole = environment_variable("OMP_SCHEDULE");
  if (whole == nullptr) return;
  const char* text = without_blanks(whole);
  bool ordered = false;
  bool said = false;
  for (const char* const word : {"monotonic", "nonmonotonic"}) {
    const std::size_t size = std::strlen(word);
    if (::strncasecmp(text, word, size) == 0) {
      const char* const rest = without_blanks(text + size);
      if (*rest != ':') continue;
      ordered = *word == 'm';
      said = true;
      text = without_blanks(rest + 1);
    }
  }
  const char* const names[] = {"static", "dynamic", "guided", "auto"};
  for (unsigned i = 0; i < 4; ++i) {
    const std::size_t size = std::strlen(names[i]);
    if (::strncasecmp(text, names[i], size) != 0) continue;
    const char* rest = without_blanks(text + size);
    long chunk = i == 0 || i == 3 ? 0 : 1;
    if (*rest == ',') {
      rest = without_blanks(rest + 1);
      chunk = take_number("OMP_SCHEDULE", rest, 0);
      if (chunk < 0) return;
    }
    if (*rest != '\0' || chunk > INT_MAX) break;
    if (chunk == 0 && (i == 1 || i == 2)) chunk = 1;
    into.run_schedule = i + 1;
    if (ordered || (!said && i == 0)) into.run_schedule |= monotonic;
    into.run_chunk = chunk;
    return;
  }
  complain_about("OMP_SCHEDULE", whole, "static, dynamic, guided or auto, and a chunk size");
}

[[gnu::cold]] inline void read_threads(settings& into) {
  const char* text = environment_variable("OMP_NUM_THREADS");
  if (text == nullptr) return;
  const char* const whole = text;
  std::vector<int> found;
  while (true) {
    const long value = take_number("OMP_NUM_THREADS", text, 1);
    if (value < 0) return;
    found.push_back(static_cast<int>(smaller<long>(value, most_threads)));
    if (*text == '\0') break;
    if (*text != ',') return complain_about("OMP_NUM_THREADS", whole, "numbers with commas in between");
    ++text;
  }
  into.threads = found;
  into.first.threads = found[0];
  if (found.size() > 1) into.first.most_active = most_levels;
}

[[gnu::cold]] inline void read_memory_space(settings& into) noexcept {
  const char* const text = environment_variable("OMP_ALLOCATOR");
  if (text == nullptr) return;
  const char* const names[] = {"omp_default_mem_alloc", "omp_large_cap_mem_alloc", "omp_const_mem_alloc",
                               "omp_high_bw_mem_alloc", "omp_low_lat_mem_alloc",   "omp_cgroup_mem_alloc",
                               "omp_pteam_mem_alloc",   "omp_thread_mem_alloc"};
  for (std::uintptr_t i = 0; i < 8; ++i) {
    if (::strcasecmp(without_blanks(text), names[i]) == 0) into.first.allocator = i + 1;
  }
}

[[gnu::cold]] inline void read_environment(settings& into) {
  into.cpus = affinity_count();
  // Not the default backend's width, which may be made of what is read here.
  const char* const width = environment_variable("PARLOOP_NUM_THREADS");
  into.first.threads = width != nullptr ? parse_threads(width) : 0;
  if (into.first.threads == 0) into.first.threads = cpu_count().usable;
  read_threads(into);
  read_schedule(into.first);
  read_truth("OMP_DYNAMIC", into.first.dynamic);
  bool nested = false;
  if (read_truth("OMP_NESTED", nested)) into.first.most_active = nested ? most_levels : 1;
  if (const char* bind = environment_variable("OMP_PROC_BIND"); bind != nullptr && std::strchr(bind, ',') != nullptr) {
    into.first.most_active = most_levels;
  }
  read_number("OMP_MAX_ACTIVE_LEVELS", 0, INT_MAX, into.first.most_active);
  into.first.most_active = smaller(into.first.most_active, most_levels);
  read_number("OMP_THREAD_LIMIT", 1, INT_MAX, into.first.thread_limit);
  read_number("OMP_DEFAULT_DEVICE", 0, INT_MAX, into.first.device);
  read_number("OMP_MAX_TASK_PRIORITY", 0, INT_MAX, into.task_priority);
  int teams = 0;
  if (read_number("OMP_NUM_TEAMS", 1, INT_MAX, teams)) into.teams.store(teams, memory_order_relaxed);
  if (read_number("OMP_TEAMS_THREAD_LIMIT", 1, INT_MAX, teams))
    into.teams_thread_limit.store(teams, memory_order_relaxed);
  read_truth("OMP_CANCELLATION", into.cancellation);
  read_truth("OMP_DISPLAY_AFFINITY", into.display_affinity);
  read_memory_space(into);
  if (const char* offload = environment_variable("OMP_TARGET_OFFLOAD"); offload != nullptr) {
    into.must_offload = ::strncasecmp(without_blanks(offload), "mandatory", 9) == 0;
  }
  std::size_t stack = read_size("OMP_STACKSIZE");
  if (stack == 0) stack = read_size("GOMP_STACKSIZE");
  if (stack != 0) thread_stack_size.store(stack, memory_order_relaxed);
  if (const char* policy = environment_variable("OMP_WAIT_POLICY"); policy != nullptr) {
    const char* const word = without_blanks(policy);
    into.wait_policy = ::strncasecmp(word, "active", 6) == 0 ? 1 : ::strncasecmp(word, "passive", 7) == 0 ? -1 : 0;
  }
  for (const char* const name : {"OMP_PLACES", "OMP_PROC_BIND", "GOMP_CPU_AFFINITY"}) {
    const char* const text = environment_variable(name);
    if (text != nullptr && ::strcasecmp(text, "false") != 0) warn("%s is not followed: threads are not bound", name);
  }
}

/// Read at the program's first use of OpenMP. Never deleted.
[[nodiscard]] inline settings& program_settings() {
  static settings* const made = [] {
    auto* const s = new settings;
    read_environment(*s);
    return s;
  }();
  return *made;
}

/// Says once for each of a few functions, by name, that it is not served.
[[gnu::cold]] inline void not_served(atomic<bool>& told, const char* name, const char* what) noexcept {
  if (!told.exchange(true, memory_order_relaxed)) warn("libgomp plug: %s: %s", name, what);
}

}  // namespace parloop::inline v0_2::detail::gomp
