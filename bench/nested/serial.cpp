// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "loops.hpp"

namespace nested {

void run_serial(work w) {
  for (long i = 0; i < w.outer; ++i) chunk(i, 0, w.inner, w);
}

}  // namespace nested
