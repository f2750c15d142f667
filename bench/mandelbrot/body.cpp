// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "loops.hpp"

namespace mandelbrot {

void rows(image& of, long begin, long end) {
  const double pixel = 2.5 / static_cast<double>(of.edge);
  for (long y = begin; y < end; ++y) {
    for (long x = 0; x < of.edge; ++x) {
      const double real = -2.0 + pixel * static_cast<double>(x);
      const double imaginary = -1.25 + pixel * static_cast<double>(y);
      double u = 0;
      double v = 0;
      int step = 0;
      for (; step < most_steps && u * u + v * v < 4; ++step) {
        const double next = u * u - v * v + real;
        v = 2 * u * v + imaginary;
        u = next;
      }
      of.steps[static_cast<std::size_t>(y * of.edge + x)] = step;
    }
  }
}

}  // namespace mandelbrot
