// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// OpenBLAS 0.3.28 or newer on this library's threads. Its jobs wait for each other, so they are a team's.
#pragma once

#include "../algorithm/team.hpp"

namespace parloop::inline v0_2::plug {

/// What OpenBLAS calls to have its jobs run (openblas_threads_callback of its cblas.h).
using openblas_job = void (*)(int thread, void* job, int data);
/// Runs `jobs` jobs at the same time, each on a member of a team of the default backend's rules.
inline void openblas_runner(int /*sync*/, openblas_job run, int jobs, std::size_t size, void* data, int more) {
  team(jobs, [&](member& me) {
    const int i = me.number();
    run(i, static_cast<char*>(data) + static_cast<std::size_t>(i) * size, more);
  });
}

/// From now on. `set` is openblas_set_threads_callback_function under the name that it has in this OpenBLAS: NumPy's
/// and PyPI's scipy-openblas64 add a prefix and a suffix. Call it while no OpenBLAS function runs. Results have the
/// bits of the same number of OpenBLAS's own threads. The default backend must allow teams: `serial` does not.
template <class Set>
void use_in_openblas(const Set& set) {
  set([](int sync, openblas_job run, int jobs, std::size_t size, void* data, int more) {
    openblas_runner(sync, run, jobs, size, data, more);
  });
}

}  // namespace parloop::inline v0_2::plug
