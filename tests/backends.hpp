// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The backends that the tests run over. A new backend is one more line. Programs that are built with TEST_OPENMP or
/// TEST_TBB run over the backends on those libraries.
#pragma once

#include <memory>
#include <parloop/parloop.hpp>

#if defined(TEST_OPENMP)
#include <parloop/backend/openmp.hpp>
#elif defined(TEST_TBB)
#include <parloop/backend/tbb.hpp>
#endif

namespace test {

struct candidate {
  const char* name;
  std::unique_ptr<parloop::backend> (*make)(int width);  ///< `width` threads; those that cannot, as many as they have
};

/// How many times fewer loops the tests run: every OpenMP thread has to come to every loop, also 64 on two CPUs.
#if defined(TEST_OPENMP)
inline constexpr int slowness = 50;
#else
inline constexpr int slowness = 1;
#endif

#if defined(TEST_OPENMP)

template <parloop::idle_policy (*Policy)()>
std::unique_ptr<parloop::backend> make_openmp(int width) {
  return std::make_unique<parloop::openmp>(parloop::openmp_options{width, Policy()});
}

inline constexpr candidate candidates[] = {
    {"openmp adaptive", &make_openmp<[] { return parloop::idle::adaptive(); }>},
    {"openmp spin", &make_openmp<[] { return parloop::idle::spin(); }>},
    {"openmp release", &make_openmp<[] { return parloop::idle::release(); }>},
};

#elif defined(TEST_TBB)

inline constexpr candidate candidates[] = {
    {"tbb",
     [](int width) -> std::unique_ptr<parloop::backend> {
       return std::make_unique<parloop::tbb>(parloop::tbb_options{width});
     }},
};

#else

template <parloop::idle_policy (*Policy)()>
std::unique_ptr<parloop::backend> make_pool(int width) {
  return std::make_unique<parloop::thread_pool>(parloop::thread_pool_options{width, Policy()});
}

template <parloop::idle_policy (*Policy)()>
std::unique_ptr<parloop::backend> make_stealing(int width) {
  return std::make_unique<parloop::work_stealing>(parloop::pool_options{width, Policy()});
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
    {"work_stealing adaptive", &make_stealing<[] { return parloop::idle::adaptive(); }>},
    {"work_stealing park", &make_stealing<[] { return parloop::idle::park(); }>},
    {"workqueue", &make_workqueue<0>},
    {"workqueue keep 1 ms", &make_workqueue<1>},
    {"thread_pool release(1ms)", &make_pool<[] { return parloop::idle::release(std::chrono::milliseconds(1)); }>},
};

#endif

}  // namespace test
