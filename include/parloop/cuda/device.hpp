// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Which CUDA devices there are: whether any is, what they are, and the properties that launch shapes come from.
#pragma once

#include <cstdint>
#include <string>

#include "error.hpp"

namespace parloop::inline v0_2::cuda {

namespace detail {

inline int attribute(cudaDeviceAttr which, int device, const std::source_location& where) {
  int value = 0;
  check(cudaDeviceGetAttribute(&value, which, device), {"cudaDeviceGetAttribute"}, where);
  return value;
}

/// The calling thread's device. Throws `cuda_error`.
inline int current_device(const std::source_location& where) {
  int device = 0;
  check(cudaGetDevice(&device), {"cudaGetDevice"}, where);
  return device;
}

/// How many threads the device runs at once, at most: no multiprocessor holds more than 2048. Throws `cuda_error`.
inline std::uint64_t resident_threads(int device, const std::source_location& where) {
  return std::uint64_t{2048} * static_cast<std::uint64_t>(attribute(cudaDevAttrMultiProcessorCount, device, where));
}

/// "13.0" from the runtime's 13000.
inline std::string version_text(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

inline std::string device_text(int device, const std::source_location& where) {
  cudaDeviceProp p{};
  check(cudaGetDeviceProperties(&p, device), {"cudaGetDeviceProperties"}, where);
  constexpr std::size_t mebibyte = std::size_t{1} << 20;
  return std::string("device ") + std::to_string(device) + ": " + p.name + ", compute capability " +
         std::to_string(p.major) + "." + std::to_string(p.minor) + ", " + std::to_string(p.multiProcessorCount) +
         " multiprocessors, " + std::to_string(p.totalGlobalMem / mebibyte) + " MiB, memory pools " +
         (p.memoryPoolsSupported != 0 ? "yes" : "no");
}

}  // namespace detail

/// Whether a kernel can run: there is a driver, it is new enough, and it sees a device. Leaves no error behind.
[[nodiscard]] inline bool available() noexcept {
  int count = 0;
  const cudaError_t code = cudaGetDeviceCount(&count);
  detail::dismiss(code);
  return code == cudaSuccess && count > 0;
}

/// What `available()` found: one line for the versions and one per device, or one sentence that says why there is none.
/// Throws `cuda_error` when a device is there but does not answer.
[[nodiscard]] inline std::string describe(std::source_location where = std::source_location::current()) {
  int count = 0;
  const cudaError_t code = cudaGetDeviceCount(&count);
  detail::dismiss(code);
  if (code != cudaSuccess || count == 0) {
    return std::string("parloop: no CUDA device can be used: ") +
           (code != cudaSuccess ? cudaGetErrorString(code) : "the driver sees none");
  }
  int driver = 0;
  int runtime = 0;
  detail::check(cudaDriverGetVersion(&driver), {"cudaDriverGetVersion"}, where);
  detail::check(cudaRuntimeGetVersion(&runtime), {"cudaRuntimeGetVersion"}, where);
  std::string text =
      "parloop: CUDA runtime " + detail::version_text(runtime) + ", driver for " + detail::version_text(driver);
  for (int device = 0; device < count; ++device) text += "\n  " + detail::device_text(device, where);
  return text;
}

}  // namespace parloop::inline v0_2::cuda
