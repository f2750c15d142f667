// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
// Blurs 100 generated images, or the files it is given, one by one and in parallel. CImg (Debian: cimg-dev) reads them.
//   g++ -std=c++20 -O3 -march=native -pthread -Iinclude examples/image_batch.cpp -o image_batch && ./image_batch
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <parloop/parloop.hpp>
#include <utility>
#if __has_include(<CImg.h>)
#define cimg_display 0
#include <CImg.h>
#endif

namespace pl = parloop;
struct image {
  pl::index_t height = 0, width = 0;
  std::vector<float> pixels;
};

static image load([[maybe_unused]] const char* file) {
#if __has_include(<CImg.h>)
  const auto gray = cimg_library::CImg<float>(file).channel(0);
  return {gray.height(), gray.width(), {gray.begin(), gray.begin() + gray.width() * gray.height()}};
#else
  return std::fputs("image_batch: compiled without CImg, so it cannot read files\n", stderr), std::exit(2), image();
#endif
}

/// Each pixel becomes the mean of 2 * 8 + 1 along (dy, dx); beyond the border its pixels repeat.
static image pass(const image& in, pl::index_t dy, pl::index_t dx) {
  image out{in.height, in.width, std::vector<float>(in.pixels.size())};
  for (pl::index_t i = 0; i < in.height * in.width; ++i)
    for (pl::index_t k = -8; k <= 8; ++k) {
      const pl::index_t y = std::clamp<pl::index_t>(i / in.width + k * dy, 0, in.height - 1);
      const pl::index_t x = std::clamp<pl::index_t>(i % in.width + k * dx, 0, in.width - 1);
      out.pixels[static_cast<std::size_t>(i)] += in.pixels[static_cast<std::size_t>(y * in.width + x)] / 17;
    }
  return out;
}

int main(int argc, char** argv) {
  const auto images = pl::parallel_map(pl::prange(argc > 1 ? argc - 1 : 100), [&](pl::index_t i) {
    image made{240, 320, std::vector<float>(240 * 320)};
    pl::generate(made.pixels, [i](pl::index_t p) { return static_cast<float>((p * p + p * i) % 251); });
    return argc > 1 ? load(argv[i + 1]) : made;
  });
  const auto seconds_and_images = [&](auto&& b) {
    const auto start = std::chrono::steady_clock::now();
    auto blurred = pl::parallel_map(b, images, [](const image& in) { return pass(pass(in, 0, 1), 1, 0).pixels; });
    return std::pair(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), blurred);
  };
  const auto [serial, expected] = seconds_and_images(pl::serial());
  const auto [parallel, blurred] = seconds_and_images(pl::default_backend());
  std::printf("%zu images: serial %.3f s, parallel %.3f s (%.2f times as fast), %s\n", images.size(), serial, parallel,
              serial / parallel, blurred == expected ? "equal" : "NOT EQUAL");
  return blurred == expected ? 0 : 1;
}
