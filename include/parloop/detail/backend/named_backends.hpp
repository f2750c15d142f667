// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The backends that can be chosen by name. For default_backend.hpp and make_backend.hpp.
#pragma once

#include <cstring>

#include "../../backend/serial.hpp"
#include "../../backend/thread_pool.hpp"
#include "../../backend/work_stealing.hpp"
#include "../../backend/workqueue.hpp"
#include "optional_backends.hpp"

namespace parloop::inline v0_2::detail {

struct named_backend {
  const char* name;
  backend_maker (*maker)() noexcept;  // gives null: no file of this program includes its header
};

[[gnu::cold]] inline backend* make_serial(backend_options) { return new serial; }
[[gnu::cold]] inline backend* make_thread_pool(backend_options o) { return new thread_pool({o.threads, o.idle}); }
[[gnu::cold]] inline backend* make_work_stealing(backend_options o) { return new work_stealing({o.threads, o.idle}); }
[[gnu::cold]] inline backend* make_workqueue(backend_options o) {
  // Its threads end with their loop; only `release` knows of a time to keep them.
  return new workqueue(
      {o.threads, o.idle.what == idle_policy::kind::release ? o.idle.time : std::chrono::nanoseconds(0)});
}

template <backend_maker Make>
[[nodiscard]] inline backend_maker always() noexcept {
  return Make;
}

inline constinit const named_backend named_backends[] = {{"serial", &always<&make_serial>},
                                                         {"thread_pool", &always<&make_thread_pool>},
                                                         {"work_stealing", &always<&make_work_stealing>},
                                                         {"workqueue", &always<&make_workqueue>},
                                                         {"openmp", &openmp_maker},
                                                         {"tbb", &tbb_maker}};
inline constexpr const char* backend_names = "serial, thread_pool, work_stealing, workqueue, openmp or tbb";

/// Null when there is none of that name.
[[nodiscard, gnu::cold]] inline const named_backend* find_backend(const char* name) noexcept {
  for (const named_backend& b : named_backends) {
    if (std::strcmp(name, b.name) == 0) return &b;
  }
  return nullptr;
}

}  // namespace parloop::inline v0_2::detail
