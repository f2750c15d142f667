// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Scans, to be compiled for every architecture; and their header alone.
#include <parloop/cuda/scan.cuh>

void every_scan(const parloop::cuda::device_array<float>& a, parloop::cuda::device_array<double>& out) {
  parloop::cuda::stream s;
  parloop::cuda::scratch_memory kept;
  const auto combine = [] __device__(double x, double y) { return x > y ? x : y; };
  parloop::cuda::inclusive_scan(s, a, out);
  parloop::cuda::inclusive_scan(s, kept, out, out, combine);
  parloop::cuda::exclusive_scan(s, a, out, 0);
  parloop::cuda::exclusive_scan(s, kept, a, out, 0.5, combine);
}
