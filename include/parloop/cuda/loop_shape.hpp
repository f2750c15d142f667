// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How a loop over a grid is divided among blocks and threads; arithmetic only. For `parallel_for` and its like.
#pragma once

#include <algorithm>
#include <bit>

#include "launch.hpp"

namespace parloop::inline v0_2::cuda::detail {

/// What a thread has to do: one iteration, or several along x, the contiguous dimension, a warp's width apart, or
/// several in the rows of one column, a block's rows apart, which are a power of two.
enum class way { single, along_x, along_rows };

/// Lanes of a warp: iterations of one thread along x are this far apart, so that neighbouring lanes stay neighbours.
inline constexpr unsigned warp_lanes = 32;
inline constexpr int log_warp_lanes = 5;

/// Most iterations of one thread. The instructions that find out a thread's index are shared by so many.
inline constexpr unsigned most_per_thread = 8;

/// A device gets at least so many times the threads that it holds at once, so that blocks of unequal cost even out.
inline constexpr std::uint64_t least_rounds = 4;

/// Blocks along x of a loop: so many that positions within a launch fit in 32 bits.
inline constexpr std::uint64_t max_loop_grid_x = 0xffffffff / (threads_per_block * most_per_thread);

/// The largest launch of a loop, as far as the grid's limits allow.
struct loop_shape {
  dim3 grid;
  dim3 block;
  way iterations = way::single;
  unsigned per_thread = 1;  ///< most iterations of one thread

  /// Iterations of a thread in this dimension; 0 is x, 1 is y, 2 is z.
  [[nodiscard]] unsigned per_thread_along(int dimension) const {
    return iterations == (dimension == 0 ? way::along_x : way::along_rows) && dimension < 2 ? per_thread : 1;
  }
  /// Threads that `count` indices of a dimension are for.
  [[nodiscard]] std::uint64_t threads_for(int dimension, std::uint64_t count) const {
    const std::uint64_t whole = dimension == 0 && iterations == way::along_x ? warp_lanes : 1;
    return ceil_div(count, whole * per_thread_along(dimension)) * whole;
  }
};

/// How often `threads` fit into the product of the extents; less than twice `most_per_thread` is right, and no less
/// than that for all larger products, which may overflow.
[[nodiscard]] inline std::uint64_t rounds_of(std::uint64_t nz, std::uint64_t ny, std::uint64_t nx,
                                             std::uint64_t threads) {
  const std::uint64_t enough = most_per_thread * threads;
  const std::uint64_t rows = ny >= enough / nz ? enough : ny * nz;
  return rows >= enough || nx >= enough / rows ? most_per_thread : rows * nx / threads;
}

/// The shape for these extents, all positive, on a device that holds `resident` threads at once. A thread has several
/// iterations where there are many. Lanes lie along x: 256 in one dimension, 32 x 8 in two, 32 x 4 x 2 in three, and
/// other proportions where there are fewer threads along a dimension than that.
[[nodiscard]] inline loop_shape index_shape(std::uint64_t nz, std::uint64_t ny, std::uint64_t nx,
                                            std::uint64_t resident) {
  loop_shape s;
  const auto rounds = static_cast<unsigned>(rounds_of(nz, ny, nx, least_rounds * resident));
  if (rounds > 1 && nx >= warp_lanes * rounds) {  // as many warps to a row as are needed, of equal work
    const std::uint64_t warps = ceil_div(nx, warp_lanes * rounds);
    s.per_thread = static_cast<unsigned>(ceil_div(ceil_div(nx, warps), warp_lanes));
    s.iterations = way::along_x;
  } else if (rounds > 1 && ny > 1) {
    s.per_thread = static_cast<unsigned>(std::min<std::uint64_t>(rounds, ny));
    s.iterations = way::along_rows;
  }
  const std::uint64_t threads_x = s.threads_for(0, nx);
  const std::uint64_t threads_y = s.threads_for(1, ny);
  const auto fitting = [](std::uint64_t wanted, unsigned most) {
    return wanted >= most ? most : std::bit_ceil(static_cast<unsigned>(wanted));
  };
  unsigned x = fitting(threads_x, warp_lanes);
  const unsigned y = fitting(threads_y, (nz > 1 ? threads_per_block / 2 : threads_per_block) / x);
  const unsigned z = fitting(nz, (std::min)(64U, threads_per_block / (x * y)));
  x = (std::max)(x, fitting(threads_x, threads_per_block / (y * z)));
  s.block = dim3(x, y, z);
  s.grid = dim3(clamp_blocks(ceil_div(threads_x, x), max_loop_grid_x),
                clamp_blocks(ceil_div(threads_y, y), max_grid_yz), clamp_blocks(ceil_div(nz, z), max_grid_yz));
  return s;
}

}  // namespace parloop::inline v0_2::cuda::detail
