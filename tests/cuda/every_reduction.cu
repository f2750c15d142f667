// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Reductions, to be compiled for every architecture; and their header alone.
#include <parloop/cuda/reduce.cuh>

double every_reduction(const parloop::cuda::device_array<double>& a) {
  parloop::cuda::stream s;
  const auto combine = [] __device__(double x, double y) { return x + y; };
  const auto body = [] __device__(parloop::index_t i) { return static_cast<double>(i); };
  return parloop::cuda::sum(s, a) + parloop::cuda::max(s, a) +
         parloop::cuda::parallel_reduce(s, parloop::prange(100), 0.0, combine, body);
}
