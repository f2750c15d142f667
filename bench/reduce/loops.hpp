// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The sum of an array of doubles, written as a user of each library would.
#pragma once

namespace reduce {

double run_serial(const double* x, long n);
double run_parloop(const double* x, long n);
// Null when the build found no such library.
[[gnu::weak]] double run_openmp(const double* x, long n);
[[gnu::weak]] double run_tbb(const double* x, long n);

}  // namespace reduce
