// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// libjxl on this library's threads: an image is encoded to the same bytes as by one thread, nested in a loop, and
/// silent.
#include <jxl/encode.h>

#include <parloop/plug/jxl.hpp>
#include <vector>

#include "plug_test.hpp"

namespace pl = parloop;

namespace {

std::vector<std::uint8_t> encode(const std::vector<std::uint8_t>& pixels, std::uint32_t width, std::uint32_t height,
                                 JxlParallelRunner runner) {
  JxlEncoder* const encoder = JxlEncoderCreate(nullptr);
  if (runner != nullptr) JxlEncoderSetParallelRunner(encoder, runner, nullptr);
  JxlBasicInfo info;
  JxlEncoderInitBasicInfo(&info);
  info.xsize = width;
  info.ysize = height;
  info.bits_per_sample = 8;
  JxlEncoderSetBasicInfo(encoder, &info);
  JxlColorEncoding colour;
  JxlColorEncodingSetToSRGB(&colour, JXL_FALSE);
  JxlEncoderSetColorEncoding(encoder, &colour);
  const JxlPixelFormat format{3, JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN, 0};
  JxlEncoderFrameSettings* const settings = JxlEncoderFrameSettingsCreate(encoder, nullptr);
  JxlEncoderFrameSettingsSetOption(settings, JXL_ENC_FRAME_SETTING_EFFORT, 3);
  JxlEncoderAddImageFrame(settings, &format, pixels.data(), pixels.size());
  JxlEncoderCloseInput(encoder);
  std::vector<std::uint8_t> out(pixels.size() + 65536);
  std::uint8_t* next = out.data();
  std::size_t left = out.size();
  test::require(JxlEncoderProcessOutput(encoder, &next, &left) == JXL_ENC_SUCCESS, "it is encoded");
  out.resize(out.size() - left);
  JxlEncoderDestroy(encoder);
  return out;
}

}  // namespace

int main() {
  const test::watchdog guard(200, "jxl");
  constexpr std::uint32_t width = 1024;
  constexpr std::uint32_t height = 768;
  std::vector<std::uint8_t> pixels(std::size_t{3} * width * height);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>((i / 3 % width) / 4 + i % 7);
  const auto expected = encode(pixels, width, height, nullptr);
  for (const int threads : {2, 4}) {
    test::counted_pool pool(threads);
    const int before = test::threads_of_process();
    test::require(encode(pixels, width, height, pl::plug::jxl_runner) == expected, "the same bytes");
    test::require(pool.asked() > 0, "libjxl runs on the pool");
    pl::parallel_for(pl::prange(2).grain(1), [&](pl::index_t) {
      test::require(encode(pixels, width, height, pl::plug::jxl_runner) == expected, "the same bytes, nested");
    });
    test::require(test::threads_of_process() <= before + threads - 1, "no threads but the pool's");
    if (threads == 4) test::require_silence([&] { encode(pixels, width, height, pl::plug::jxl_runner); });
  }
}
