// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "../common/chain.hpp"
#include "loops.hpp"

namespace triangle {

unsigned long answer(long i, work w) {
  const long length = w.falling ? iterations - i : i + 1;
  return bench::chain(w.unit * length / 16, static_cast<unsigned long>(i));
}

alignas(64) unsigned long out[iterations];

void chunk(long begin, long end, work w) {
  for (long i = begin; i < end; ++i) {
    out[i] = answer(i, w);
  }
}

}  // namespace triangle
