// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <tbb/parallel_for.h>

#include "loops.hpp"

namespace image_batch {

batch run_tbb(const batch& in) {
  batch out(in.size());
  tbb::parallel_for(std::size_t{0}, in.size(), [&](std::size_t i) { out[i] = blurred(in[i]); });
  return out;
}

}  // namespace image_batch
