// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "loops.hpp"

namespace fork_join {

void run_openmp(iteration i) {
#pragma omp parallel for num_threads(2) schedule(static, 1)
  for (long k = 0; k < 2; ++k) i(k);
}

}  // namespace fork_join
