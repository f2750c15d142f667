// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <omp.h>

#include "loops.hpp"

namespace nested {

// The inner loops as schedule(static) deals them, with one call of the body per thread instead of one per iteration.
// The outer ones one at a time: they may be unequal.
void run_openmp(work w) {
#pragma omp parallel for schedule(dynamic)
  for (long i = 0; i < w.outer; ++i) {
#pragma omp parallel
    {
      const long threads = omp_get_num_threads();
      const long me = omp_get_thread_num();
      chunk(i, w.inner * me / threads, w.inner * (me + 1) / threads, w);
    }
  }
}

}  // namespace nested
