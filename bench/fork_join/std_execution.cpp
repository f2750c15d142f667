// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <execution>

#include "loops.hpp"

namespace fork_join {

void run_std_execution(iteration i) {
  static const long indices[] = {0, 1};
  std::for_each(std::execution::par, indices, indices + 2, [i](long k) { i(k); });
}

}  // namespace fork_join
