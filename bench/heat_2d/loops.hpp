// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The 5-point heat equation on n x n points whose edges are kept at 0. parloop takes all points and has the edges one
/// step outside; the others have n + 2 points along an edge and leave the outermost alone.
#pragma once

namespace heat_2d {

// Return where the result is.
double* run_serial(double* now, double* next, long n, int steps);
double* run_parloop(double* now, double* next, long n, int steps);
// Null when the build found no such library.
[[gnu::weak]] double* run_openmp(double* now, double* next, long n, int steps);
[[gnu::weak]] double* run_tbb(double* now, double* next, long n, int steps);

/// One point.
inline double heat(double here, double up, double down, double left, double right) {
  return here + 0.2 * (up + down + left + right - 4 * here);
}

/// A row of the rivals', whose rows are n + 2 long.
inline void row(const double* now, double* next, long n, long y) {
  const long width = n + 2;
  for (long x = 1; x <= n; ++x) {
    const long i = y * width + x;
    next[i] = heat(now[i], now[i - width], now[i + width], now[i - 1], now[i + 1]);
  }
}

}  // namespace heat_2d
