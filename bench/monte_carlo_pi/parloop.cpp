// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <parloop/parloop.hpp>

#include "loops.hpp"

namespace monte_carlo_pi {

long run_parloop(long n) { return parloop::parallel_sum(parloop::prange(n / 2), hits); }

}  // namespace monte_carlo_pi
