// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <memory>

#include "loops.hpp"

namespace first_touch {

double run_tbb(work what, const double* x, long n) {
  const std::unique_ptr<double[]> array(new double[static_cast<std::size_t>(n)]);
  double* const y = array.get();
  if (what == work::zeros) {
    tbb::parallel_for(tbb::blocked_range<long>(0, n), [y](const tbb::blocked_range<long>& r) {
      for (long i = r.begin(); i != r.end(); ++i) y[i] = 0;
    });
  } else {
    tbb::parallel_for(tbb::blocked_range<long>(0, n), [x, y](const tbb::blocked_range<long>& r) {
      for (long i = r.begin(); i != r.end(); ++i) y[i] = x[i] + 2;
    });
  }
  return spots(y, n);
}

}  // namespace first_touch
