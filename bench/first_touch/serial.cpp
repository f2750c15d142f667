// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <vector>

#include "loops.hpp"

namespace first_touch {

double run_serial(work what, const double* x, long n) {
  std::vector<double> y(static_cast<std::size_t>(n));
  if (what == work::add) {
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = x[i] + 2;
  }
  return spots(y.data(), n);
}

}  // namespace first_touch
