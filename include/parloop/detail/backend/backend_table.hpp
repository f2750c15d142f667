// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The backends that can be chosen by name, with all that they need. For named_backends.hpp, or once in a program, for
/// define_backends.hpp.
#pragma once

#include "../../backend/serial.hpp"
#include "../../backend/thread_pool.hpp"
#include "../../backend/work_stealing.hpp"
#include "../../backend/workqueue.hpp"
#include "optional_backends.hpp"

namespace parloop::inline v0_2::detail {

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

/// The first is the library's own choice; ends with one that has no name.
inline constinit const named_backend backend_table[] = {{"thread_pool", &always<&make_thread_pool>},
                                                        {"serial", &always<&make_serial>},
                                                        {"work_stealing", &always<&make_work_stealing>},
                                                        {"workqueue", &always<&make_workqueue>},
                                                        {"openmp", &openmp_maker},
                                                        {"tbb", &tbb_maker},
                                                        {nullptr, nullptr}};

}  // namespace parloop::inline v0_2::detail
