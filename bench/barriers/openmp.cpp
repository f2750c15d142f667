// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "loops.hpp"

namespace barriers {

void run_openmp(work w) {
#pragma omp parallel num_threads(static_cast <int>(w.threads))
  for (long loop = 0; loop < w.loops; ++loop) {
#pragma omp for schedule(static)
    for (long i = 0; i < cells; ++i) some_cells(loop, i, i + 1, w.steps);
  }
}

void run_openmp_loops(work w) {
  for (long loop = 0; loop < w.loops; ++loop) {
#pragma omp parallel for schedule(static) num_threads(static_cast <int>(w.threads))
    for (long i = 0; i < cells; ++i) some_cells(loop, i, i + 1, w.steps);
  }
}

}  // namespace barriers
