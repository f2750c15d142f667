// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The one place that launches kernels, and the arithmetic of their shapes; for the verbs of `parloop::cuda` only.
#pragma once

#include <algorithm>
#include <bit>
#include <type_traits>

#include "device.hpp"
#include "device_view.hpp"
#include "stream.hpp"

namespace parloop::inline v0_2::cuda::detail {

/// Threads in a block, for every kernel: full occupancy at up to 32 registers on compute capabilities 7.5 to 12.0
/// (README.md in this directory has the table).
inline constexpr int threads_per_block = 256;

/// Blocks along y and z are limited to this on every compute capability; along x to 2^31 - 1.
inline constexpr std::uint64_t max_grid_yz = 65535;
inline constexpr std::uint64_t max_grid_x = 0x7fffffff;
/// Blocks along x of a loop: so many that positions within a launch fit in 32 bits.
inline constexpr std::uint64_t max_loop_grid_x = 0xffffffff / threads_per_block;

struct launch_shape {
  dim3 grid;
  dim3 block;
};

[[nodiscard]] constexpr std::uint64_t ceil_div(std::uint64_t a, std::uint64_t b) { return a / b + (a % b != 0); }

[[nodiscard]] constexpr unsigned clamp_blocks(std::uint64_t wanted, std::uint64_t most) {
  return static_cast<unsigned>(std::min(wanted, most));
}

/// The largest launch of a loop over these extents, all positive: one thread per iteration as far as the grid's limits
/// allow. Lanes lie along x, the contiguous index: 256 of them in one dimension, 32 x 8 in two, 32 x 4 x 2 in three,
/// and other proportions where an extent is smaller than that.
[[nodiscard]] inline launch_shape index_shape(std::uint64_t nz, std::uint64_t ny, std::uint64_t nx) {
  const auto fitting = [](std::uint64_t extent, unsigned most) {
    return extent >= most ? most : std::bit_ceil(static_cast<unsigned>(extent));
  };
  unsigned x = fitting(nx, 32);
  const unsigned y = fitting(ny, (nz > 1 ? threads_per_block / 2 : threads_per_block) / x);
  const unsigned z = fitting(nz, std::min(64U, threads_per_block / (x * y)));
  x = std::max(x, fitting(nx, threads_per_block / (y * z)));
  return {dim3(clamp_blocks(ceil_div(nx, x), max_loop_grid_x), clamp_blocks(ceil_div(ny, y), max_grid_yz),
               clamp_blocks(ceil_div(nz, z), max_grid_yz)),
          dim3(x, y, z)};
}

/// Queues `kernel` with these arguments. `name` is a string literal, for errors. Throws `cuda_error`; what the kernel
/// itself does wrong surfaces in a later call.
template <class... Parameters>
void launch(const on_stream& at, const char* name, const launch_shape& s, void (*kernel)(Parameters...),
            std::type_identity_t<Parameters>... arguments) {
  void* pointers[] = {const_cast<void*>(static_cast<const volatile void*>(&arguments))...};
  cudaLaunchConfig_t config{};
  config.gridDim = s.grid;
  config.blockDim = s.block;
  config.stream = at.get();
  const cudaError_t code = cudaLaunchKernelExC(&config, reinterpret_cast<const void*>(kernel), pointers);
  check(code, {"cudaLaunchKernelExC", name, s.grid, s.block}, at.where());
}

}  // namespace parloop::inline v0_2::cuda::detail
