// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <omp.h>

#include "loops.hpp"

namespace idle_cost {

// What schedule(static) does, with one call per thread.
void run_openmp(long n, chunk c) {
#pragma omp parallel
  {
    const long threads = omp_get_num_threads();
    const long me = omp_get_thread_num();
    c(n * me / threads, n * (me + 1) / threads);
  }
}

}  // namespace idle_cost
