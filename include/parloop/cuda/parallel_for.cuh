// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A loop on the GPU over a `prange` or `grid`: a thread per index, or for up to eight where there are many.
#pragma once

#include "../range.hpp"
#include "loop_shape.hpp"

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
  std::uint32_t per_thread;  // most iterations of one thread
};

template <stride Stride>
[[nodiscard]] __device__ std::uint64_t index_at(const device_axis& a, unsigned position) {
  return Stride == stride::one ? a.start + position : a.start + position * a.step;
}

/// `f(first)`, `f(first + distance)`, ...: `count` > 0 of them. A loop of the plainest kind, which nvcc unrolls where
/// the function is small, with addresses that advance instead of being computed anew.
template <class F>
__device__ void each_of(std::uint64_t first, std::uint64_t distance, unsigned count, const F& f) {
  do {
    f(static_cast<index_t>(first));
    first += distance;
  } while (--count > 0);
}

/// A thread's first position along x, and along y.
template <way Way>
[[nodiscard]] __device__ unsigned first_x(unsigned per_thread) {
  const unsigned x = blockIdx.x * blockDim.x + threadIdx.x;
  if constexpr (Way != way::along_x) return x;
  return (x & ~(warp_lanes - 1)) * per_thread + (x & (warp_lanes - 1));
}
template <way Way>
[[nodiscard]] __device__ unsigned first_y(unsigned per_thread) {
  return (Way == way::along_rows ? blockIdx.y * per_thread : blockIdx.y) * blockDim.y + threadIdx.y;
}

/// Calls f(i) for a thread's iterations along one dimension: from `position` on, each 2^`log_apart` positions after the
/// other, as far apart as the threads of a warp or a block are many. So neighbouring threads stay neighbours.
template <stride Stride, class F>
__device__ void iterations_along(const device_axis& a, unsigned position, int log_apart, unsigned per_thread,
                                 const F& f) {
  const unsigned apart = 1U << log_apart;
  const unsigned rest = (a.count - position + (apart - 1)) >> log_apart;
  unsigned count = rest < per_thread ? rest : per_thread;
  std::uint64_t index = index_at<Stride>(a, position);
  do {  // the plainest of loops: nvcc unrolls it where `f` is small, and addresses advance instead of being made anew
    f(static_cast<index_t>(index));
    index += Stride == stride::one ? apart : apart * a.step;
  } while (--count > 0);
}

/// A thread per index, or for several along one dimension, for which the others' indices are found out once.
template <stride Stride, way Way, int N, class F>
__global__ void __launch_bounds__(threads_per_block) for_each_index(index_space<N> space, F f) {
  const device_axis& last = space.axes[N - 1];
  const unsigned x = first_x<Way>(space.per_thread);
  if (x >= last.count) return;
  const auto along_x = [&](const auto& at) {
    if constexpr (Way == way::along_x) {
      iterations_along<Stride>(last, x, log_warp_lanes, space.per_thread, at);
    } else {
      at(static_cast<index_t>(index_at<Stride>(last, x)));
    }
  };
  if constexpr (N == 1) {
    along_x(f);
  } else {
    const device_axis& rows = space.axes[N - 2];
    const unsigned y = first_y<Way>(space.per_thread);
    if (y >= rows.count) return;
    index_t index_z = 0;
    if constexpr (N == 3) {
      const unsigned z = blockIdx.z * blockDim.z + threadIdx.z;
      if (z >= space.axes[0].count) return;
      index_z = static_cast<index_t>(index_at<Stride>(space.axes[0], z));
    }
    const auto row = [&](index_t index_y) {
      along_x([&](index_t index_x) {
        if constexpr (N == 2) f(index_y, index_x);
        if constexpr (N == 3) f(index_z, index_y, index_x);
      });
    };
    if constexpr (Way == way::along_rows) {
      iterations_along<Stride>(rows, y, 31 - __clz(static_cast<int>(blockDim.y)), space.per_thread, row);
    } else {
      row(static_cast<index_t>(index_at<Stride>(rows, y)));
    }
  }
}

/// Launches over parts of the range, each as large as `most` allows, in row-major order. One launch where the range is
/// within the limits of grids.
template <way Way, stride Stride, int N, class F>
void launch_parts(const on_stream& at, const char* name, const range<N, Stride>& r, const F& f,
                  const loop_shape& most) {
  const std::uint64_t threads[] = {most.block.x, most.block.y, most.block.z};
  const std::uint64_t blocks[] = {most.grid.x, most.grid.y, most.grid.z};
  std::uint64_t first[N] = {};
  for (int d = 0; d >= 0;) {
    index_space<N> part{};
    part.per_thread = most.per_thread;
    unsigned grid[] = {1, 1, 1};
    for (d = 0; d < N; ++d) {
      const axis& a = r.along(d);
      const int k = N - 1 - d;
      const std::uint64_t count =
          std::min(static_cast<std::uint64_t>(a.count) - first[d], blocks[k] * threads[k] * most.per_thread_along(k));
      part.axes[d] = {static_cast<std::uint64_t>(a[static_cast<index_t>(first[d])]), static_cast<std::uint64_t>(a.step),
                      static_cast<std::uint32_t>(count)};
      grid[k] = static_cast<unsigned>(ceil_div(most.threads_for(k, count), threads[k]));
    }
    launch(at, name, {dim3(grid[0], grid[1], grid[2]), most.block}, for_each_index<Stride, Way, N, F>, part, f);
    // On to the next part: the last dimension runs fastest.
    for (d = N - 1; d >= 0; --d) {
      first[d] += part.axes[d].count;
      if (first[d] < static_cast<std::uint64_t>(r.extent(d))) break;
      first[d] = 0;
    }
  }
}

/// The same, with the kernel that the shape asks for.
template <stride Stride, int N, class F>
void launch_loop(const on_stream& at, const char* name, const range<N, Stride>& r, const F& f, const loop_shape& most) {
  if constexpr (N > 1) {
    if (most.iterations == way::along_rows) return launch_parts<way::along_rows>(at, name, r, f, most);
  }
  if (most.iterations == way::along_x) return launch_parts<way::along_x>(at, name, r, f, most);
  launch_parts<way::single>(at, name, r, f, most);
}

/// The same with the shape that suits the current device; an empty range launches nothing.
template <int N, stride Stride, class F>
void run_loop(const on_stream& at, const char* name, const range<N, Stride>& r, const F& f) {
  if (r.size() == 0) return;
  const auto extent = [&](int from_last) {
    return from_last < N ? static_cast<std::uint64_t>(r.extent(N - 1 - from_last)) : std::uint64_t{1};
  };
  const auto resident = resident_threads(current_device(at.where()), at.where());
  launch_loop(at, name, r, f, index_shape(extent(2), extent(1), extent(0), resident));
}

}  // namespace detail

/// Queues `f(i)`, `f(y, x)` or `f(z, y, x)` for every index of the range, each once, in any order, in parallel; `f` is
/// a `__device__` lambda or function object and gets `index_t`. Returns before it ran; an empty range launches nothing.
/// The range's loop options are the CPU's and have no effect. Throws `cuda_error`.
template <int N, stride Stride, class F>
void parallel_for(on_stream at, const range<N, Stride>& r, F f) {
  detail::run_loop(at, "parallel_for", r, f);
}

}  // namespace parloop::inline v0_2::cuda
