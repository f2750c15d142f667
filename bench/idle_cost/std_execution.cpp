// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <execution>
#include <ranges>

#include "loops.hpp"

namespace idle_cost {

void run_std_execution(long n, chunk c) {
  const auto indices = std::views::iota(0L, n);
  std::for_each(std::execution::par, indices.begin(), indices.end(), [c](long i) { c(i, i + 1); });
}

}  // namespace idle_cost
