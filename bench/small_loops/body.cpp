// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "../common/chain.hpp"
#include "loops.hpp"

namespace small_loops {

alignas(64) unsigned long out[iterations];

void chunk(long begin, long end, long k) {
  for (long i = begin; i < end; ++i) out[i] = bench::chain(k, static_cast<unsigned long>(i));
}

}  // namespace small_loops
