// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "../common/rayon.hpp"

#include "loops.hpp"

namespace mandelbrot {

void run_rayon(image& of) {
  bench::rayon_for(of.edge, [&of](long y) { rows(of, y, y + 1); });
}

}  // namespace mandelbrot
