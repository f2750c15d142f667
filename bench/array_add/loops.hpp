// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// y[i] = x[i] + addend, written as a user of each library would.
#pragma once

namespace array_add {

void run_serial(const double* x, double* y, double addend, long n);
void run_parloop(const double* x, double* y, double addend, long n);
// Null when the build found no such library.
[[gnu::weak]] void run_openmp(const double* x, double* y, double addend, long n);
[[gnu::weak]] void run_tbb(const double* x, double* y, double addend, long n);

}  // namespace array_add
