// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Rayon's loops, from rayon/lib.rs. Only in builds that have cargo and the rayon package.
#pragma once

#include <cstddef>

extern "C" {
void rayon_for_each(long n, void (*call)(const void* body, long i), const void* body);
void rayon_add(const double* x, double* y, double a, std::size_t n);
void rayon_copy(const double* x, double* y, std::size_t n);
void rayon_axpy(const double* x, const double* z, double* y, double a, std::size_t n);
}

namespace bench {

/// body(i) for i in [0, n), by (0..n).into_par_iter().for_each().
template <class Body>
void rayon_for(long n, const Body& body) {
  rayon_for_each(
      n, [](const void* b, long i) { (*static_cast<const Body*>(b))(i); }, &body);
}

}  // namespace bench
