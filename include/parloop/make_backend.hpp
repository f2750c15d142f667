// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Backends by name, for programs whose users choose: at run time, by an argument or by PARLOOP_BACKEND.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "backend/serial.hpp"
#include "backend/thread_pool.hpp"
#include "backend/work_stealing.hpp"
#include "backend/workqueue.hpp"
#include "detail/optional_backends.hpp"

namespace parloop::inline v0 {

namespace detail {

struct named_backend {
  const char* name;
  backend* (*make)(backend_options options);  // null: no file of this program includes its header
};

[[gnu::cold]] inline backend* make_serial(backend_options) { return new serial; }
[[gnu::cold]] inline backend* make_thread_pool(backend_options o) { return new thread_pool({o.threads, o.idle}); }
[[gnu::cold]] inline backend* make_work_stealing(backend_options o) { return new work_stealing({o.threads, o.idle}); }
[[gnu::cold]] inline backend* make_workqueue(backend_options o) {
  // Its threads end with their loop; only `release` knows of a time to keep them.
  return new workqueue(
      {o.threads, o.idle.what == idle_policy::kind::release ? o.idle.time : std::chrono::nanoseconds(0)});
}

inline constinit const named_backend named_backends[] = {{"serial", &make_serial},
                                                         {"thread_pool", &make_thread_pool},
                                                         {"work_stealing", &make_work_stealing},
                                                         {"workqueue", &make_workqueue},
                                                         {"openmp", make_openmp},
                                                         {"tbb", make_tbb}};
inline constexpr const char* backend_names = "serial, thread_pool, work_stealing, workqueue, openmp or tbb";

/// Null when there is none of that name.
[[nodiscard, gnu::cold]] inline const named_backend* find_backend(std::string_view name) noexcept {
  for (const named_backend& b : named_backends) {
    if (name == b.name) return &b;
  }
  return nullptr;
}

}  // namespace detail

/// The backend that is called `name`: serial, thread_pool, work_stealing, workqueue, and in programs of which some file
/// includes their headers, openmp and tbb. Throws `std::invalid_argument` when there is no such backend here, or the
/// options are no good.
[[nodiscard, gnu::cold]] inline std::unique_ptr<backend> make_backend(std::string_view name,
                                                                      backend_options options = {}) {
  const detail::named_backend* found = detail::find_backend(name);
  if (found == nullptr) {
    throw std::invalid_argument("parloop: there is no backend '" + std::string(name) + "'; expected " +
                                detail::backend_names);
  }
  if (found->make == nullptr) {
    throw std::invalid_argument("parloop: no file of this program includes parloop/backend/" + std::string(name) +
                                ".hpp");
  }
  return std::unique_ptr<backend>(found->make(options));
}

}  // namespace parloop::inline v0
