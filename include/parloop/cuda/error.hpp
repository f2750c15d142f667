// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The exception that every failed CUDA call becomes: which call, which code, which kernel, which source line.
#pragma once

#include <cuda_runtime_api.h>

#include <source_location>
#include <stdexcept>
#include <string>
#include <string_view>

namespace parloop::inline v0_2::cuda {

/// What was asked of the runtime: the name of its function and, for launches, of the kernel and its shape.
struct api_call {
  const char* name = "";    ///< a string literal, for instance "cudaMallocAsync"
  const char* kernel = "";  ///< a string literal; empty when no kernel was launched
  dim3 grid = dim3(0, 0, 0);   ///< blocks; zeros when no kernel was launched
  dim3 block = dim3(0, 0, 0);  ///< threads of a block
};

/// A call to the CUDA runtime that failed. `what()` is one sentence with everything that is known.
class cuda_error : public std::runtime_error {
 public:
  /// `note`: what else there is to say, without a full stop.
  cuda_error(cudaError_t code, const api_call& call, std::source_location where, std::string_view note = {})
      : std::runtime_error(sentence(code, call, where, note)), code_(code), call_(call), where_(where) {}

  /// What the runtime returned.
  [[nodiscard]] cudaError_t code() const noexcept { return code_; }
  /// What was asked of it.
  [[nodiscard]] const api_call& call() const noexcept { return call_; }
  /// The line of the caller's that named the stream or made the call.
  [[nodiscard]] const std::source_location& where() const noexcept { return where_; }

 private:
  static std::string text(const dim3& d) {
    std::string s = "(";  // appended to: g++ 12 warns without cause about literal + std::string
    s.append(std::to_string(d.x)).append(", ").append(std::to_string(d.y)).append(", ").append(std::to_string(d.z));
    return s.append(")");
  }
  /// Faults of kernels surface in whatever call comes next; the reader must not look for the cause there.
  static bool stems_from_a_kernel(cudaError_t code) noexcept {
    switch (code) {
      case cudaErrorIllegalAddress:
      case cudaErrorMisalignedAddress:
      case cudaErrorLaunchTimeout:
      case cudaErrorAssert:
      case cudaErrorHardwareStackError:
      case cudaErrorIllegalInstruction:
      case cudaErrorInvalidAddressSpace:
      case cudaErrorInvalidPc:
      case cudaErrorLaunchFailure:
        return true;
      default:
        return false;
    }
  }
  static std::string sentence(cudaError_t code, const api_call& call, const std::source_location& where,
                              std::string_view note) {
    std::string s = std::string("parloop: ") + call.name + " failed with " + cudaGetErrorName(code) + " (" +
                    std::to_string(static_cast<int>(code)) + "): " + cudaGetErrorString(code);
    if (*call.kernel != '\0') {
      s += std::string(", launching ") + call.kernel + " on a grid of " + text(call.grid) + " blocks of " +
           text(call.block) + " threads";
    }
    if (!note.empty()) s.append(", ").append(note);
    if (stems_from_a_kernel(code)) s += ", the fault of a kernel that ran earlier on this device";
    return s + ", called from " + where.file_name() + ":" + std::to_string(where.line());
  }

  cudaError_t code_;
  api_call call_;
  std::source_location where_;
};

namespace detail {

/// Forgets a failure that is reported elsewhere, or that nobody can act on: a stale error in the runtime's slot would
/// make the next call of somebody else's (CUB reads the slot) look like a failure.
inline void dismiss(cudaError_t code) noexcept {
  if (code != cudaSuccess) static_cast<void>(cudaGetLastError());
}

/// Throws `cuda_error` unless `code` is success; the runtime's last-error slot is clear afterwards.
inline void check(cudaError_t code, const api_call& call, const std::source_location& where,
                  std::string_view note = {}) {
  if (code == cudaSuccess) return;
  dismiss(code);
  throw cuda_error(code, call, where, note);
}

}  // namespace detail
}  // namespace parloop::inline v0_2::cuda
