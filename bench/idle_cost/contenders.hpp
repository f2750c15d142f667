// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The rivals of idle_cost and counts, each with its library and what has to be set in its environment.
#pragma once

#include "../common/workload.hpp"
#include "loops.hpp"

namespace idle_cost {

struct contender {
  std::string name;
  const char* library;
  bool in_build = true;
  const char* variable = nullptr;  // of the environment, or none
  const char* value = nullptr;
};

/// Those that are in this build.
inline std::vector<contender> contenders() {
  const std::string openmp = bench::openmp_name;
  const bool with_openmp = run_openmp != nullptr;
  const std::vector<contender> all{{"serial", "serial"},
                                   {"parloop", "parloop"},
                                   {"parloop/park", "parloop", true, "PARLOOP_IDLE", "park"},
                                   {"parloop/release", "parloop", true, "PARLOOP_IDLE", "release"},
                                   {"parloop/spin", "parloop", true, "PARLOOP_IDLE", "spin"},
                                   {"parloop/work_stealing", "parloop", true, "PARLOOP_BACKEND", "work_stealing"},
                                   {"parloop/workqueue", "parloop", true, "PARLOOP_BACKEND", "workqueue"},
                                   {"parloop/openmp", "parloop", with_openmp, "PARLOOP_BACKEND", "openmp"},
                                   {openmp, "openmp", with_openmp},
                                   {openmp + "/passive", "openmp", with_openmp, "OMP_WAIT_POLICY", "passive"},
                                   {"parloop/tbb", "parloop", run_tbb != nullptr, "PARLOOP_BACKEND", "tbb"},
                                   {"oneTBB", "tbb", run_tbb != nullptr},
                                   {"std::execution", "std_execution", run_std_execution != nullptr},
                                   {"pthreadpool", "pthreadpool", run_pthreadpool != nullptr},
                                   {"rayon", "rayon", run_rayon != nullptr}};
  return bench::present(all, [](const contender& c) { return c.in_build; });
}

}  // namespace idle_cost
