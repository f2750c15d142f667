// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What OMP_DISPLAY_AFFINITY and its functions print. For plug/libgomp.hpp.
#pragma once

#include <sched.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "region.hpp"

namespace parloop::inline v0_2::detail::gomp {

/// The calling thread's CPUs: "0-3,8".
[[nodiscard, gnu::cold]] inline std::string own_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return "0";
  std::string text;
  for (int i = 0; i < CPU_SETSIZE; ++i) {
    if (!CPU_ISSET(i, &set)) continue;
    int last = i;
    while (last + 1 < CPU_SETSIZE && CPU_ISSET(last + 1, &set)) ++last;
    if (!text.empty()) text += ',';
    text += std::to_string(i);
    if (last > i) text += '-' + std::to_string(last);
    i = last;
  }
  return text;
}

/// The format of those that name none. Under a lock, as programs may set it at any time.
struct affinity_format {
  word_lock lock;
  std::string text = "level %L thread %i affinity %A";
};
[[nodiscard, gnu::cold]] inline affinity_format& default_format() {
  static affinity_format* const made = [] {
    auto* const f = new affinity_format;
    if (const char* text = environment_variable("OMP_AFFINITY_FORMAT"); text != nullptr) f->text = text;
    return f;
  }();
  return *made;
}

/// The field that a letter or a long name stands for; false: none does.
[[nodiscard, gnu::cold]] inline bool field_text(const thread_state& me, const std::string& name, std::string& text) {
  const region& r = *me.team;
  char host[256] = {};
  const struct {
    const char* letter;
    const char* name;
    long value;
  } numbers[] = {{"t", "team_num", me.team_number}, {"T", "num_teams", me.teams},
                 {"L", "nesting_level", r.level},   {"n", "thread_num", me.number},
                 {"N", "num_threads", r.size},      {"a", "ancestor_tnum", r.level > 0 ? r.outer_number : -1},
                 {"P", "process_id", ::getpid()},   {"i", "native_thread_id", ::gettid()}};
  for (const auto& n : numbers) {
    if (name == n.letter || name == n.name) {
      text = std::to_string(n.value);
      return true;
    }
  }
  if (name == "H" || name == "host") {
    text = ::gethostname(host, sizeof host - 1) == 0 ? host : "node";
    return true;
  }
  if (name == "A" || name == "thread_affinity") {
    text = own_cpus();
    return true;
  }
  return false;
}

/// "%0.8{thread_num}" and the like replaced by the calling thread's.
[[nodiscard, gnu::cold]] inline std::string formatted(const thread_state& me, const std::string& format) {
  std::string text;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') {
      text += format[i];
      continue;
    }
    if (++i == format.size()) break;
    if (format[i] == '%') {
      text += '%';
      continue;
    }
    const bool zeros = format[i] == '0';
    if (zeros) ++i;
    const bool right = i < format.size() && format[i] == '.';
    if (right) ++i;
    std::size_t width = 0;
    while (i < format.size() && format[i] >= '0' && format[i] <= '9' && width < 1000) {
      width = width * 10 + static_cast<std::size_t>(format[i++] - '0');
    }
    std::string name(1, i < format.size() ? format[i] : ' ');
    if (name == "{") {
      const std::size_t close = format.find('}', i);
      if (close == std::string::npos) break;
      name = format.substr(i + 1, close - i - 1);
      i = close;
    }
    std::string field;
    if (!field_text(me, name, field)) field = "undefined";
    const std::size_t missing = width > field.size() ? width - field.size() : 0;
    if (missing != 0 && right && zeros && field[0] == '-') {
      field = "-" + std::string(missing, '0') + field.substr(1);
    } else if (missing != 0 && right) {
      field.insert(0, missing, zeros ? '0' : ' ');
    } else {
      field.append(missing, ' ');
    }
    text += field;
  }
  return text;
}

[[gnu::cold]] inline std::string affinity_text(const thread_state& me, const char* format) {
  if (format != nullptr && *format != '\0') return formatted(me, format);
  affinity_format& f = default_format();
  std::string own;
  {
    const locked l(f.lock);
    own = f.text;
  }
  return formatted(me, own);
}

[[gnu::cold]] inline void display_own_affinity(const thread_state& me) {
  std::fprintf(stderr, "%s\n", affinity_text(me, nullptr).c_str());
}

}  // namespace parloop::inline v0_2::detail::gomp
