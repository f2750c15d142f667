// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "loops.hpp"

namespace small_loops {

void run_serial(long n, long k) { chunk(0, n, k); }

}  // namespace small_loops
