// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <parloop/parloop.hpp>  // all of it

void add(const double* x, double* y, long n) {
  parloop::parallel_for(parloop::prange(n), [=](auto i) { y[i] = x[i] + 2; });
}
