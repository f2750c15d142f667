// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "loops.hpp"

namespace barriers {

void run_serial(work w) {
  for (long loop = 0; loop < w.loops; ++loop) some_cells(loop, 0, cells, w.steps);
}

}  // namespace barriers
