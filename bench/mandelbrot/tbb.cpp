// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <tbb/parallel_for.h>

#include "loops.hpp"

namespace mandelbrot {

void run_tbb(image& of) {
  tbb::parallel_for(0L, of.edge, [&of](long y) { rows(of, y, y + 1); });
}

}  // namespace mandelbrot
