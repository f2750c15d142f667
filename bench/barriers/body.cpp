// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "../common/chain.hpp"
#include "loops.hpp"

namespace barriers {

struct alignas(64) cell {
  unsigned long value;
};
static cell values[2][cells];

void some_cells(long loop, long begin, long end, long steps) {
  const cell* const before = values[loop % 2];
  cell* const after = values[(loop + 1) % 2];
  for (long i = begin; i < end; ++i) after[i].value = bench::chain(steps, before[(i + 5) % cells].value);
}

void reset() {
  for (long i = 0; i < cells; ++i) values[0][i].value = static_cast<unsigned long>(i);
}

unsigned long checksum(long loops) {
  unsigned long sum = 0;
  for (const cell& c : values[loops % 2]) sum = 31 * sum + c.value;
  return sum;
}

}  // namespace barriers
