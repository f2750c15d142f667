// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// random.hpp in device code: the host's numbers, bit for bit.
#include <limits>
#include <parloop/random.hpp>
#include <vector>

#include "check.cuh"

namespace cuda = parloop::cuda;
using parloop::index_t;

/// Every kind of draw of one iteration, as bits.
struct draws {
  static constexpr int words = 24;
  std::uint64_t bits[words];
};

struct draw_all {
  std::uint64_t seed;
  index_t first;
  std::uint64_t draw;

  __host__ __device__ draws operator()(index_t i) const {
    const index_t iteration = static_cast<index_t>(static_cast<std::uint64_t>(first) + static_cast<std::uint64_t>(i));
    draws d{};
    int n = 0;
    const auto put = [&](const auto& value) { std::memcpy(&d.bits[n++], &value, sizeof value); };
    const auto [a, b, c, e] = parloop::random_bits(seed, iteration, draw);
    for (const std::uint32_t word : {a, b, c, e}) put(word);
    const auto [x, y] = parloop::uniform2(seed, iteration, draw);
    for (const double v : {x, y}) put(v);
    const auto doubles = parloop::uniform4(seed, iteration, draw);
    for (const double v : {doubles.x, doubles.y, doubles.z, doubles.w}) put(v);
    const auto floats = parloop::uniform4<float>(seed, iteration, draw);
    for (const float v : {floats.x, floats.y, floats.z, floats.w}) put(v);
    parloop::random_stream random(seed, iteration);
    for (int k = 0; k < 5; ++k) put(random());
    for (int k = 0; k < 5; ++k) put(random.uniform());
    return d;
  }
};

int main() {
  return test::run("random", [] {
    const index_t n = 3000;
    cuda::stream s;
    cuda::device_array<draws> on_device(s, n);
    for (std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{42}, ~std::uint64_t{0}}) {
      for (index_t first : {index_t{0}, (index_t{1} << 32) - 1500, std::numeric_limits<index_t>::min()}) {
        const draw_all f{seed, first, seed / 3};
        cuda::generate(s, on_device, f);
        index_t i = 0;
        index_t different = 0;
        for (const draws& d : on_device.copy_to_host()) {
          const draws expected = f(i++);
          different += std::memcmp(&d, &expected, sizeof d) != 0;
        }
        CHECK(different == 0);
      }
    }
  });
}
