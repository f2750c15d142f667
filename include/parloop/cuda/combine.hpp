// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Operations as CUB takes them; for reductions and scans only.
#pragma once

#include <cuda_runtime_api.h>

namespace parloop::inline v0_2::cuda::detail {

/// The user's operation with its types spelled out: the host compiler cannot ask a device lambda for them.
template <class T, class Combine>
struct combine_as {
  Combine combine;
  __device__ T operator()(const T& a, const T& b) const { return static_cast<T>(combine(a, b)); }
};

struct add {
  template <class T>
  __device__ T operator()(const T& a, const T& b) const {
    return a + b;
  }
};

}  // namespace parloop::inline v0_2::cuda::detail
