// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "loops.hpp"

namespace idle_cost {

void run_serial(long n, chunk c) { c(0, n); }

}  // namespace idle_cost
