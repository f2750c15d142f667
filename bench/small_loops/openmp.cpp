// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <omp.h>

#include "loops.hpp"

namespace small_loops {

// What schedule(static) does, with one call of the body per thread instead of one per iteration: OpenMP at its best.
void run_openmp(long n, long k) {
#pragma omp parallel
  {
    const long threads = omp_get_num_threads();
    const long me = omp_get_thread_num();
    chunk(n * me / threads, n * (me + 1) / threads, k);
  }
}

}  // namespace small_loops
