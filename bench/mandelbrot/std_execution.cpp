// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <execution>
#include <numeric>

#include "loops.hpp"

namespace mandelbrot {

// Over a list of indices, not over std::views::iota: its iterators are no C++17 random-access ones, and the loop would
// be serial.
void run_std_execution(image& of) {
  std::vector<long> indices(static_cast<std::size_t>(of.edge));
  std::iota(indices.begin(), indices.end(), 0L);
  std::for_each(std::execution::par, indices.begin(), indices.end(), [&of](long y) { rows(of, y, y + 1); });
}

}  // namespace mandelbrot
