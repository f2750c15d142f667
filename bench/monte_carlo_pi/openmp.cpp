// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "loops.hpp"

namespace monte_carlo_pi {

long run_openmp(long n) {
  long sum = 0;
#pragma omp parallel for schedule(static) reduction(+ : sum)
  for (long i = 0; i < n / 2; ++i) sum += hits(i);
  return sum;
}

}  // namespace monte_carlo_pi
