// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A loop on the GPU: one thread per index of a `prange` or `grid`.
#pragma once

#include "../range.hpp"
#include "launch.hpp"

namespace parloop::inline v0_2::cuda {

namespace detail {

/// One dimension of what one launch covers. Indices have 64 bits, positions within a launch 32. Unsigned, so that
/// start + position * step does not overflow on the way to an index that fits.
struct device_axis {
  std::uint64_t start;
  std::uint64_t step;
  std::uint32_t count;
};

template <int N>
struct index_space {
  device_axis axes[N];
};

template <stride Stride>
[[nodiscard]] __device__ index_t index_at(const device_axis& a, unsigned position) {
  return static_cast<index_t>(Stride == stride::one ? a.start + position : a.start + position * a.step);
}

/// A thread per index and no loop: a loop over positions would keep bounds and strides of every dimension in registers.
template <stride Stride, int N, class F>
__global__ void __launch_bounds__(threads_per_block) for_each_index(index_space<N> space, F f) {
  const device_axis& last = space.axes[N - 1];
  const unsigned x = blockIdx.x * blockDim.x + threadIdx.x;
  if (x >= last.count) return;
  if constexpr (N == 1) {
    f(index_at<Stride>(last, x));
  } else {
    const device_axis& rows = space.axes[N - 2];
    const unsigned y = blockIdx.y * blockDim.y + threadIdx.y;
    if (y >= rows.count) return;
    if constexpr (N == 2) {
      f(index_at<Stride>(rows, y), index_at<Stride>(last, x));
    } else {
      const unsigned z = blockIdx.z * blockDim.z + threadIdx.z;
      if (z >= space.axes[0].count) return;
      f(index_at<Stride>(space.axes[0], z), index_at<Stride>(rows, y), index_at<Stride>(last, x));
    }
  }
}

/// Launches over parts of the range, each as large as `most` allows, in row-major order. One launch where the range is
/// within the limits of grids.
template <stride Stride, int N, class F>
void launch_parts(const on_stream& at, const range<N, Stride>& r, const F& f, const launch_shape& most) {
  const std::uint64_t threads[] = {most.block.z, most.block.y, most.block.x};
  const std::uint64_t blocks[] = {most.grid.z, most.grid.y, most.grid.x};
  std::uint64_t first[N] = {};
  for (int d = 0; d >= 0;) {
    index_space<N> part{};
    unsigned grid[] = {1, 1, 1};
    for (d = 0; d < N; ++d) {
      const axis& a = r.along(d);
      const int k = 3 - N + d;
      const std::uint64_t count = std::min(static_cast<std::uint64_t>(a.count) - first[d], blocks[k] * threads[k]);
      part.axes[d] = {static_cast<std::uint64_t>(a[static_cast<index_t>(first[d])]), static_cast<std::uint64_t>(a.step),
                      static_cast<std::uint32_t>(count)};
      grid[k] = static_cast<unsigned>(ceil_div(count, threads[k]));
    }
    launch(at, "parallel_for", {dim3(grid[2], grid[1], grid[0]), most.block}, for_each_index<Stride, N, F>, part, f);
    // On to the next part: the last dimension runs fastest.
    for (d = N - 1; d >= 0; --d) {
      first[d] += part.axes[d].count;
      if (first[d] < static_cast<std::uint64_t>(r.extent(d))) break;
      first[d] = 0;
    }
  }
}

}  // namespace detail

/// Queues `f(i)`, `f(y, x)` or `f(z, y, x)` for every index of the range, each once, in any order, in parallel; `f` is
/// a `__device__` lambda or function object and gets `index_t`. Returns before it ran; an empty range launches nothing.
/// The range's loop options are the CPU's and have no effect. Throws `cuda_error`.
template <int N, stride Stride, class F>
void parallel_for(on_stream at, const range<N, Stride>& r, F f) {
  if (r.size() == 0) return;
  const auto extent = [&](int from_last) {
    return from_last < N ? static_cast<std::uint64_t>(r.extent(N - 1 - from_last)) : std::uint64_t{1};
  };
  detail::launch_parts(at, r, f, detail::index_shape(extent(2), extent(1), extent(0)));
}

}  // namespace parloop::inline v0_2::cuda
