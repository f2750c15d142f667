// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A batch of grey images of three sizes, each to be blurred into a new one: few long iterations that allocate.
#pragma once

#include <vector>

namespace image_batch {

struct image {
  long height = 0;  ///< pixels
  long width = 0;   ///< pixels
  std::vector<float> pixels;
};

/// Each pixel becomes the mean of 17 x 17; beyond the border its pixels repeat. Never inlined.
image blurred(const image& in);

using batch = std::vector<image>;

// One image for each of `in`, in their order.
batch run_serial(const batch& in);
batch run_parloop(const batch& in);  // the default backend
batch run_parloop_work_stealing(const batch& in);
// Null when the build found no such library.
[[gnu::weak]] batch run_openmp_static(const batch& in);
[[gnu::weak]] batch run_openmp_dynamic(const batch& in);
[[gnu::weak]] batch run_tbb(const batch& in);
[[gnu::weak]] batch run_std_execution(const batch& in);
[[gnu::weak]] batch run_rayon(const batch& in);

}  // namespace image_batch
