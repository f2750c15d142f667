// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "loops.hpp"

namespace array_add {

void run_serial(const arrays& on) {
  const auto [what, x, z, y, a, n] = on;
  switch (what) {
    case work::add:
      for (long i = 0; i < n; ++i) y[i] = x[i] + a;
      break;
    case work::copy:
      for (long i = 0; i < n; ++i) y[i] = x[i];
      break;
    case work::axpy:
      for (long i = 0; i < n; ++i) y[i] = a * x[i] + z[i];
  }
}

}  // namespace array_add
