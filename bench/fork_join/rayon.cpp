// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "../common/rayon.hpp"

#include "loops.hpp"

namespace fork_join {

void run_rayon(iteration i) { bench::rayon_for(2, i); }

}  // namespace fork_join
