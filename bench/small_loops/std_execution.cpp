// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <execution>

#include "loops.hpp"

namespace small_loops {

// Over elements, not over std::views::iota: its iterators are no C++17 random-access ones, and the loop would be
// serial.
void run_std_execution(long n, long k) {
  std::for_each(std::execution::par, out, out + n, [k](unsigned long& element) {
    const long i = &element - out;
    chunk(i, i + 1, k);
  });
}

}  // namespace small_loops
