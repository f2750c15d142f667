// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "loops.hpp"

namespace triangle {

void run_openmp_static(work w) {
#pragma omp parallel for schedule(static)
  for (long i = 0; i < iterations; ++i) chunk(i, i + 1, w);
}

void run_openmp_dynamic(work w) {
#pragma omp parallel for schedule(dynamic)
  for (long i = 0; i < iterations; ++i) chunk(i, i + 1, w);
}

void run_openmp_guided(work w) {
#pragma omp parallel for schedule(guided)
  for (long i = 0; i < iterations; ++i) chunk(i, i + 1, w);
}

}  // namespace triangle
