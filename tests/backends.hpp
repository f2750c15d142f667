// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The backends that the tests run over. A new backend is one more line.
#pragma once

#include <memory>
#include <parloop/parloop.hpp>

namespace test {

struct candidate {
  const char* name;
  std::unique_ptr<parloop::backend> (*make)(int width);  ///< `width` threads; those that cannot, as many as they have
};

template <parloop::idle_policy (*Policy)()>
std::unique_ptr<parloop::backend> make_pool(int width) {
  return std::make_unique<parloop::thread_pool>(parloop::thread_pool_options{width, Policy()});
}

template <int Milliseconds>
std::unique_ptr<parloop::backend> make_workqueue(int width) {
  return std::make_unique<parloop::workqueue>(
      parloop::workqueue_options{width, std::chrono::milliseconds(Milliseconds)});
}

inline constexpr candidate candidates[] = {
    {"serial", [](int) -> std::unique_ptr<parloop::backend> { return std::make_unique<parloop::serial>(); }},
    {"thread_pool adaptive", &make_pool<[] { return parloop::idle::adaptive(); }>},
    {"thread_pool adaptive(0)", &make_pool<[] { return parloop::idle::adaptive(std::chrono::nanoseconds(0)); }>},
    {"thread_pool spin", &make_pool<[] { return parloop::idle::spin(); }>},
    {"thread_pool park", &make_pool<[] { return parloop::idle::park(); }>},
    {"thread_pool release(0)", &make_pool<[] { return parloop::idle::release(); }>},
    {"workqueue", &make_workqueue<0>},
    {"workqueue keep 1 ms", &make_workqueue<1>},
    {"thread_pool release(1ms)", &make_pool<[] { return parloop::idle::release(std::chrono::milliseconds(1)); }>},
};

}  // namespace test
