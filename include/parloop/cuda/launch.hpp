// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The one place that launches kernels, and the limits of their shapes; for the verbs of `parloop::cuda` only.
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

struct launch_shape {
  dim3 grid;
  dim3 block;
};

[[nodiscard]] constexpr std::uint64_t ceil_div(std::uint64_t a, std::uint64_t b) { return a / b + (a % b != 0); }

[[nodiscard]] constexpr unsigned clamp_blocks(std::uint64_t wanted, std::uint64_t most) {
  return static_cast<unsigned>((std::min)(wanted, most));
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
