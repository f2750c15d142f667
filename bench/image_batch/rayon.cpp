// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "../common/rayon.hpp"

#include "loops.hpp"

namespace image_batch {

batch run_rayon(const batch& in) {
  batch out(in.size());
  bench::rayon_for(static_cast<long>(in.size()), [&](long i) {
    const auto at = static_cast<std::size_t>(i);
    out[at] = blurred(in[at]);
  });
  return out;
}

}  // namespace image_batch
