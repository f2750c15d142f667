// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include "loops.hpp"

namespace array_add {

void run_tbb(const arrays& on) {
  using range = tbb::blocked_range<long>;
  switch (on.what) {
    case work::add:
      tbb::parallel_for(range(0, on.n), [x = on.x, y = on.y, a = on.a](const range& r) {
        for (long i = r.begin(); i != r.end(); ++i) y[i] = x[i] + a;
      });
      break;
    case work::copy:
      tbb::parallel_for(range(0, on.n), [x = on.x, y = on.y](const range& r) {
        for (long i = r.begin(); i != r.end(); ++i) y[i] = x[i];
      });
      break;
    case work::axpy:
      tbb::parallel_for(range(0, on.n), [x = on.x, z = on.z, y = on.y, a = on.a](const range& r) {
        for (long i = r.begin(); i != r.end(); ++i) y[i] = a * x[i] + z[i];
      });
  }
}

}  // namespace array_add
