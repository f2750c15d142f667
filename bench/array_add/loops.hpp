// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// y[i] = x[i] + a, y[i] = x[i] and y[i] = a * x[i] + z[i], written as a user of each library would.
#pragma once

namespace array_add {

enum class work { add, copy, axpy };

struct arrays {
  work what;
  const double* x;
  const double* z;
  double* y;
  double a;
  long n;
};

void run_serial(const arrays& on);
void run_parloop(const arrays& on);
void run_transform(const arrays& on);
// Null when the build found no such library, or the processor has no such instruction.
[[gnu::weak]] void run_openmp(const arrays& on);
[[gnu::weak]] void run_tbb(const arrays& on);
[[gnu::weak]] void run_rayon(const arrays& on);
[[gnu::weak]] void run_streaming_limit(const arrays& on);

}  // namespace array_add
