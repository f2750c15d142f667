// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "../common/rayon.hpp"

#include "loops.hpp"

namespace triangle {

void run_rayon(work w) {
  bench::rayon_for(iterations, [w](long i) { chunk(i, i + 1, w); });
}

}  // namespace triangle
