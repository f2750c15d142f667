// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "loops.hpp"

namespace fork_join {

void run_serial(iteration i) {
  i(0);
  i(1);
}

}  // namespace fork_join
