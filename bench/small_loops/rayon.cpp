// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "../common/rayon.hpp"

#include "loops.hpp"

namespace small_loops {

void run_rayon(long n, long k) {
  bench::rayon_for(n, [k](long i) { chunk(i, i + 1, k); });
}

}  // namespace small_loops
