// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "loops.hpp"

namespace mandelbrot {

void run_serial(image& of) { rows(of, 0, of.edge); }

}  // namespace mandelbrot
