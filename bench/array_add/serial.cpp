// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "loops.hpp"

namespace array_add {

void run_serial(const double* x, double* y, double addend, long n) {
  for (long i = 0; i < n; ++i) y[i] = x[i] + addend;
}

}  // namespace array_add
