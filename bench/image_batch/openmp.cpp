// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "loops.hpp"

namespace image_batch {

batch run_openmp_static(const batch& in) {
  batch out(in.size());
#pragma omp parallel for schedule(static)
  for (std::size_t i = 0; i < in.size(); ++i) out[i] = blurred(in[i]);
  return out;
}

batch run_openmp_dynamic(const batch& in) {
  batch out(in.size());
#pragma omp parallel for schedule(dynamic)
  for (std::size_t i = 0; i < in.size(); ++i) out[i] = blurred(in[i]);
  return out;
}

}  // namespace image_batch
