// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <algorithm>

#include "loops.hpp"

namespace image_batch {

batch run_serial(const batch& in) {
  batch out(in.size());
  std::transform(in.begin(), in.end(), out.begin(), blurred);
  return out;
}

}  // namespace image_batch
