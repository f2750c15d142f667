// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// y[i] = x[0] + ... + x[i], written as a user of each library would. OpenMP: its scan directive.
#pragma once

namespace scan {

void run_serial(const double* x, double* y, long n);
void run_parloop(const double* x, double* y, long n);
// Null when the build found no such library.
[[gnu::weak]] void run_openmp(const double* x, double* y, long n);
[[gnu::weak]] void run_tbb(const double* x, double* y, long n);

}  // namespace scan
