// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <algorithm>

#include "loops.hpp"

namespace image_batch {

/// The mean of 17 pixels along (dy, dx).
static image pass(const image& in, long dy, long dx) {
  constexpr long reach = 8;
  image out{in.height, in.width, std::vector<float>(in.pixels.size())};
  for (long y = 0; y < in.height; ++y) {
    for (long x = 0; x < in.width; ++x) {
      float sum = 0;
      for (long k = -reach; k <= reach; ++k) {
        const long from_y = std::clamp(y + k * dy, 0L, in.height - 1);
        const long from_x = std::clamp(x + k * dx, 0L, in.width - 1);
        sum += in.pixels[static_cast<std::size_t>(from_y * in.width + from_x)];
      }
      out.pixels[static_cast<std::size_t>(y * in.width + x)] = sum / (2 * reach + 1);
    }
  }
  return out;
}

image blurred(const image& in) { return pass(pass(in, 0, 1), 1, 0); }

}  // namespace image_batch
