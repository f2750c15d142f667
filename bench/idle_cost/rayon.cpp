// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "../common/rayon.hpp"

#include "loops.hpp"

namespace idle_cost {

void run_rayon(long n, chunk c) {
  bench::rayon_for(n, [c](long i) { c(i, i + 1); });
}

}  // namespace idle_cost
