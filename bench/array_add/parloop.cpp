// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <parloop/parloop.hpp>
#include <span>

#include "loops.hpp"

namespace array_add {

namespace pl = parloop;

void run_parloop(const arrays& on) {
  switch (on.what) {
    case work::add:
      pl::parallel_for(pl::prange(on.n), [x = on.x, y = on.y, a = on.a](pl::index_t i) { y[i] = x[i] + a; });
      break;
    case work::copy:
      pl::parallel_for(pl::prange(on.n), [x = on.x, y = on.y](pl::index_t i) { y[i] = x[i]; });
      break;
    case work::axpy:
      pl::parallel_for(pl::prange(on.n),
                       [x = on.x, z = on.z, y = on.y, a = on.a](pl::index_t i) { y[i] = a * x[i] + z[i]; });
  }
}

void run_transform(const arrays& on) {
  const auto size = static_cast<std::size_t>(on.n);
  const std::span<const double> x(on.x, size);
  const std::span<const double> z(on.z, size);
  const std::span<double> y(on.y, size);
  switch (on.what) {
    case work::add:
      pl::transform(x, y, [a = on.a](double v) { return v + a; });
      break;
    case work::copy:
      pl::copy(x, y);
      break;
    case work::axpy:
      pl::transform(x, z, y, [a = on.a](double v, double w) { return a * v + w; });
  }
}

}  // namespace array_add
