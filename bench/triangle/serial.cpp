// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "loops.hpp"

namespace triangle {

void run_serial(work w) { chunk(0, iterations, w); }

}  // namespace triangle
