// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What was chosen, and why: for people who want to know what their loops run on.
#pragma once

#include <string>

#include "default_backend.hpp"
#include "detail/base/cpu_count.hpp"
#include "detail/base/environment.hpp"
#include "detail/loop/run_chunks.hpp"
#include "detail/team/cost_model.hpp"
#include "detail/team/range_stealing.hpp"
#include "version.hpp"

namespace parloop::inline v0_2 {

namespace detail {

inline std::string microseconds(std::chrono::nanoseconds time) {
  std::string text = std::to_string(static_cast<double>(time.count()) / 1000.0);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text + " us";
}

inline std::string describe_cpus() {
  const cpus c = cpu_count();
  std::string text =
      std::to_string(c.usable) + " usable (affinity mask: " + std::to_string(c.affinity) + "; cgroup quota: ";
  text += c.quota > 0 ? std::to_string(c.quota).substr(0, 5) : "none";
  return text + ")";
}

inline std::string describe_environment() {
  std::string text;
  for (const char* name : {"PARLOOP_BACKEND", "PARLOOP_NUM_THREADS", "PARLOOP_IDLE"}) {
    if (const char* value = environment_variable(name); value != nullptr) {
      text += std::string(text.empty() ? "" : ", ") + name + "='" + value + "'";
    }
  }
  return text.empty() ? "no PARLOOP_ variable is set" : text;
}

}  // namespace detail

/// As PARLOOP_IDLE takes it, with the time in the largest unit that shows it exactly: "adaptive:100us".
[[nodiscard, gnu::cold]] inline std::string to_string(const idle_policy& policy) {
  return detail::to_text(policy).chars;
}

/// Several lines of text: the library's version, the backend with its width and what it says about itself, the CPUs
/// that may be used and why, the environment variables (which only the default backend obeys), the constants in force,
/// and what help costs now: `b.help()`, which some backends measure.
[[nodiscard]] inline std::string describe(const backend& b = default_backend()) {
  std::string text = "parloop " PARLOOP_VERSION "\n";
  text += "backend: " + std::string(b.name()) + ", " + std::to_string(b.width()) + " threads, the caller included\n";
  if (const short_text details = b.details(); !details.empty()) text += std::string("  ") + details.c_str() + "\n";
  text += "CPUs: " + detail::describe_cpus() + "\n";
  text += "environment: " + detail::describe_environment() + "\n";
  text += "a loop is shared when that saves more than: " + detail::microseconds(detail::cost_of_awake_worker) +
          " with a worker awake, " + detail::microseconds(detail::cost_of_sleeper) + " with one asleep, " +
          detail::microseconds(detail::cost_of_new_thread) + " with one to be made\n";
  const std::chrono::nanoseconds now = b.help().price;
  text += now == backend::never ? "loops now stay in their caller\n"
                                : "help now costs: " + detail::microseconds(now) + "\n";
  text += "chunks last: " + detail::microseconds(detail::shortest_chunk) + " to " +
          detail::microseconds(detail::longest_chunk) + "; loops are close together within " +
          detail::microseconds(detail::close_together) + "\n";
  return text;
}

}  // namespace parloop::inline v0_2
