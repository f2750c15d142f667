// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How many steps z = z^2 + c takes to leave the circle of radius 2, for the points of a square image: rows that differ
/// in length by hundreds of times.
#pragma once

#include <vector>

namespace mandelbrot {

inline constexpr int most_steps = 256;

struct image {
  explicit image(long edge_length) : edge(edge_length), steps(static_cast<std::size_t>(edge * edge)) {}
  long edge;               ///< pixels
  std::vector<int> steps;  ///< [y][x]
};

/// The rows [begin, end); the one body of all rivals, never inlined.
void rows(image& of, long begin, long end);

void run_serial(image& of);
void run_parloop(image& of);  // the default backend
void run_parloop_work_stealing(image& of);
// Null when the build found no such library.
[[gnu::weak]] void run_openmp_static(image& of);
[[gnu::weak]] void run_openmp_dynamic(image& of);
[[gnu::weak]] void run_tbb(image& of);
[[gnu::weak]] void run_std_execution(image& of);
[[gnu::weak]] void run_rayon(image& of);

}  // namespace mandelbrot
