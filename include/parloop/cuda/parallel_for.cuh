// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A loop on the GPU: one thread per index of a `prange` or `grid`.
#pragma once

#include "../range.hpp"
#include "launch.hpp"

namespace parloop::inline v0::cuda {

namespace detail {

/// An `axis` for device code. Unsigned, so that neither start + position * step nor a stride past the end overflows.
struct device_axis {
  std::uint64_t start;
  std::uint64_t count;
  std::uint64_t step;
};

template <int N>
struct index_space {
  device_axis axes[N];
};

template <int N, stride Stride>
[[nodiscard]] index_space<N> make_index_space(const range<N, Stride>& r) {
  index_space<N> space{};
  for (int d = 0; d < N; ++d) {
    const axis& a = r.along(d);
    space.axes[d] = {static_cast<std::uint64_t>(a.start), static_cast<std::uint64_t>(a.count),
                     static_cast<std::uint64_t>(a.step)};
  }
  return space;
}

/// Calls `body(index)` for every position of `a` that is this thread's. `first` is its first position, `skip` the
/// distance to its next. Along x skip < 2^31 * 2^8, along y and z it fits in 32 bits because grids are limited to 2^16
/// blocks there, and count < 2^63: the sum stays below 2^64.
template <stride Stride, class Skip, class Body>  // Skip: an unsigned type that holds it
__device__ void along_axis(const device_axis& a, Skip first, Skip skip, const Body& body) {
#pragma unroll 1  // the grid has a thread per index where it can, so there is rarely a second turn
  for (std::uint64_t position = first; position < a.count; position += skip) {
    if constexpr (Stride == stride::one) {
      body(static_cast<index_t>(a.start + position));
    } else {
      body(static_cast<index_t>(a.start + position * a.step));
    }
  }
}

template <stride Stride, int N, class F>
__global__ void __launch_bounds__(threads_per_block) for_each_index(index_space<N> space, F f) {
  const std::uint64_t x = std::uint64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  const std::uint64_t skip_x = std::uint64_t{gridDim.x} * blockDim.x;
  if constexpr (N == 1) {
    along_axis<Stride>(space.axes[0], x, skip_x, [&](index_t i) { f(i); });
  } else {
    const unsigned y = blockIdx.y * blockDim.y + threadIdx.y;
    const unsigned skip_y = gridDim.y * blockDim.y;
    if constexpr (N == 2) {
      along_axis<Stride>(space.axes[0], y, skip_y,
                         [&](index_t j) { along_axis<Stride>(space.axes[1], x, skip_x, [&](index_t i) { f(j, i); }); });
    } else {
      const unsigned z = blockIdx.z * blockDim.z + threadIdx.z;
      const unsigned skip_z = gridDim.z * blockDim.z;
      along_axis<Stride>(space.axes[0], z, skip_z, [&](index_t k) {
        along_axis<Stride>(space.axes[1], y, skip_y, [&](index_t j) {
          along_axis<Stride>(space.axes[2], x, skip_x, [&](index_t i) { f(k, j, i); });
        });
      });
    }
  }
}

}  // namespace detail

/// Queues `f(i)`, `f(y, x)` or `f(z, y, x)` for every index of the range, each once, in any order, in parallel; `f` is
/// a
/// `__device__` lambda or function object and gets `index_t`. Returns before it ran; an empty range launches nothing.
/// The range's loop options are the CPU's and have no effect. Throws `cuda_error`.
template <int N, stride Stride, class F>
void parallel_for(on_stream at, const range<N, Stride>& r, F f) {
  if (r.size() == 0) return;
  const auto extent = [&](int from_last) {
    return from_last < N ? static_cast<std::uint64_t>(r.extent(N - 1 - from_last)) : std::uint64_t{1};
  };
  detail::launch(at, "parallel_for", detail::index_shape(extent(2), extent(1), extent(0)),
                 detail::for_each_index<Stride, N, F>, detail::make_index_space(r), f);
}

}  // namespace parloop::inline v0::cuda
