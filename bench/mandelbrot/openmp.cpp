// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "loops.hpp"

namespace mandelbrot {

void run_openmp_static(image& of) {
#pragma omp parallel for schedule(static)
  for (long y = 0; y < of.edge; ++y) rows(of, y, y + 1);
}

void run_openmp_dynamic(image& of) {
#pragma omp parallel for schedule(dynamic)
  for (long y = 0; y < of.edge; ++y) rows(of, y, y + 1);
}

}  // namespace mandelbrot
