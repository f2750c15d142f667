// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "../common/chain.hpp"
#include "loops.hpp"

namespace nested {

unsigned long answer(long i, long j, work w) {
  return bench::chain(i == 0 ? w.first_steps : w.other_steps, static_cast<unsigned long>(i * w.inner + j));
}

alignas(64) unsigned long out[most];

void chunk(long i, long begin, long end, work w) {
  for (long j = begin; j < end; ++j) out[i * w.inner + j] = answer(i, j, w);
}

}  // namespace nested
