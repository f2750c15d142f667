// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <execution>
#include <numeric>
#include <vector>

#include "loops.hpp"

namespace idle_cost {

// Over a list of indices, not over std::views::iota: its iterators are no C++17 random-access ones, and the loop would
// be serial.
void run_std_execution(long n, chunk c) {
  static std::vector<long> indices;
  if (static_cast<long>(indices.size()) != n) {
    indices.resize(static_cast<std::size_t>(n));
    std::iota(indices.begin(), indices.end(), 0L);
  }
  std::for_each(std::execution::par, indices.begin(), indices.end(), [c](long i) { c(i, i + 1); });
}

}  // namespace idle_cost
