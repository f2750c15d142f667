// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <execution>

#include "loops.hpp"

namespace image_batch {

batch run_std_execution(const batch& in) {
  batch out(in.size());
  std::transform(std::execution::par, in.begin(), in.end(), out.begin(), blurred);
  return out;
}

}  // namespace image_batch
