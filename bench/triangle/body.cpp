// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "../common/chain.hpp"
#include "loops.hpp"

namespace triangle {

alignas(64) unsigned long out[iterations];

void chunk(long begin, long end, work w) {
  for (long i = begin; i < end; ++i) {
    const long length = w.falling ? iterations - i : i + 1;
    out[i] = bench::chain(w.unit * length, static_cast<unsigned long>(i));
  }
}

}  // namespace triangle
