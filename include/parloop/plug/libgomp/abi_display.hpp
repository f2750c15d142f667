// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The OpenMP API: what is printed of threads and of the environment. For plug/libgomp.hpp.
#pragma once

#include "abi.hpp"
#include "parallel.hpp"

namespace parloop::inline v0_2::detail::gomp {

/// As much of `text` as a buffer of `size` has room for, with what Fortran or C ends it by; returns the text's length.
[[gnu::cold]] inline std::size_t copy_text(char* to, std::size_t size, const std::string& text, bool fortran) noexcept {
  if (size == 0) return text.size();
  const std::size_t room = fortran ? size : size - 1;
  const std::size_t n = smaller(room, text.size());
  std::memcpy(to, text.data(), n);
  if (fortran) {
    std::memset(to + n, ' ', size - n);
  } else {
    to[n] = '\0';
  }
  return text.size();
}

/// Fortran's text without the blanks at its end.
[[gnu::cold, nodiscard]] inline std::string without_last_blanks(const char* text, std::size_t size) {
  while (size != 0 && text[size - 1] == ' ') --size;
  return {text, size};
}

[[gnu::cold]] inline void set_format(std::string text) {
  affinity_format& f = default_format();
  const locked l(f.lock);
  f.text = std::move(text);
}
[[gnu::cold, nodiscard]] inline std::string get_format() {
  affinity_format& f = default_format();
  const locked l(f.lock);
  return f.text;
}

[[gnu::cold]] inline void display_environment() {
  const settings& s = program_settings();
  const control& c = s.first;
  const char* const kinds[] = {"", "STATIC", "DYNAMIC", "GUIDED", "AUTO"};
  std::string threads = std::to_string(c.threads);
  for (std::size_t i = 1; i < s.threads.size(); ++i) threads += ',' + std::to_string(s.threads[i]);
  std::string schedule = kinds[c.run_schedule & 7U];
  if (c.run_chunk > 1 || (c.run_chunk == 1 && (c.run_schedule & 7U) == 1))
    schedule += ',' + std::to_string(c.run_chunk);
  const auto truth = [](bool b) { return b ? "TRUE" : "FALSE"; };
  std::fprintf(stderr,
               "\nOPENMP DISPLAY ENVIRONMENT BEGIN\n"
               "  _OPENMP = '201511'\n"
               "  [host] OMP_DYNAMIC = '%s'\n"
               "  [host] OMP_NUM_THREADS = '%s'\n"
               "  [host] OMP_SCHEDULE = '%s'\n"
               "  [host] OMP_PROC_BIND = 'FALSE'\n"
               "  [host] OMP_PLACES = ''\n"
               "  [host] OMP_STACKSIZE = '%zu'\n"
               "  [host] OMP_WAIT_POLICY = '%s'\n"
               "  [host] OMP_THREAD_LIMIT = '%d'\n"
               "  [host] OMP_MAX_ACTIVE_LEVELS = '%d'\n"
               "  [host] OMP_CANCELLATION = '%s'\n"
               "  [host] OMP_DEFAULT_DEVICE = '%d'\n"
               "  [host] OMP_MAX_TASK_PRIORITY = '%d'\n"
               "  [host] OMP_DISPLAY_AFFINITY = '%s'\n"
               "  [host] OMP_AFFINITY_FORMAT = '%s'\n"
               "OPENMP DISPLAY ENVIRONMENT END\n",
               truth(c.dynamic), threads.c_str(), schedule.c_str(), thread_stack_size.load(memory_order_relaxed),
               s.wait_policy > 0 ? "ACTIVE" : "PASSIVE", c.thread_limit, c.most_active, truth(s.cancellation), c.device,
               s.task_priority, truth(s.display_affinity), get_format().c_str());
}

extern "C" {

PARLOOP_GOMP_ABI void omp_set_affinity_format(const char* format) noexcept { set_format(format); }
PARLOOP_GOMP_ABI void omp_set_affinity_format_(const char* format, std::size_t size) noexcept {
  set_format(without_last_blanks(format, size));
}
PARLOOP_GOMP_ABI std::size_t omp_get_affinity_format(char* to, std::size_t size) noexcept {
  return copy_text(to, size, get_format(), false);
}
PARLOOP_GOMP_ABI int omp_get_affinity_format_(char* to, std::size_t size) noexcept {
  return static_cast<int>(copy_text(to, size, get_format(), true));
}
PARLOOP_GOMP_ABI std::size_t omp_capture_affinity(char* to, std::size_t size, const char* format) noexcept {
  return copy_text(to, size, affinity_text(here(), format), false);
}
PARLOOP_GOMP_ABI int omp_capture_affinity_(char* to, const char* format, std::size_t size,
                                           std::size_t format_size) noexcept {
  return static_cast<int>(
      copy_text(to, size, affinity_text(here(), without_last_blanks(format, format_size).c_str()), true));
}
PARLOOP_GOMP_ABI void omp_display_affinity(const char* format) noexcept {
  std::fprintf(stderr, "%s\n", affinity_text(here(), format).c_str());
}
PARLOOP_GOMP_ABI void omp_display_affinity_(const char* format, std::size_t size) noexcept {
  omp_display_affinity(without_last_blanks(format, size).c_str());
}

PARLOOP_GOMP_ABI void omp_display_env(int) noexcept { display_environment(); }
PARLOOP_GOMP_ABI void omp_display_env_(const int*) noexcept { display_environment(); }
PARLOOP_GOMP_ABI void omp_display_env_8_(const std::int64_t*) noexcept { display_environment(); }

}  // extern "C"

}  // namespace parloop::inline v0_2::detail::gomp
