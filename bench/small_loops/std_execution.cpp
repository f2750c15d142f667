// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <execution>
#include <ranges>

#include "loops.hpp"

namespace small_loops {

void run_std_execution(long n, long k) {
  const auto indices = std::views::iota(0L, n);
  std::for_each(std::execution::par, indices.begin(), indices.end(), [k](long i) { chunk(i, i + 1, k); });
}

}  // namespace small_loops
