// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Device memory that verbs work in, kept from one call to the next.
#pragma once

#include <vector>

#include "device_array.hpp"

namespace parloop::inline v0_2::cuda {

/// Memory for the partial results of scans. Without it each call allocates some in the order of its stream, which is
/// cheap but not possible while the stream is captured. Grows by itself, and keeps what it had, which graphs may use.
/// For verbs that run one after another: those of one stream. Move-only.
class scratch_memory {
 public:
  /// None yet; the first call allocates.
  scratch_memory() = default;
  /// `bytes` of it. Throws as `device_array`.
  scratch_memory(on_stream at, index_t bytes) { blocks_.emplace_back(at, bytes); }

  /// Size of what the next call can use.
  [[nodiscard]] index_t bytes() const noexcept { return blocks_.empty() ? 0 : blocks_.back().size(); }
  /// At least `bytes` of it, in device memory. Throws `cuda_error` when more is needed and cannot be had, and when it
  /// is needed while the stream is captured: run the verb once before, with as many elements.
  [[nodiscard]] void* at_least(on_stream at, index_t bytes) {
    if (bytes > this->bytes()) {
      detail::refuse_capture(at.get(), "scratch_memory", "has too few bytes (run the verb once before the capture)",
                             at.where());
      blocks_.emplace_back(at, bytes);
    }
    return blocks_.empty() ? nullptr : blocks_.back().data();
  }

 private:
  std::vector<device_array<unsigned char>> blocks_;
};

}  // namespace parloop::inline v0_2::cuda
