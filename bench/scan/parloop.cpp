// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <parloop/parloop.hpp>
#include <span>

#include "loops.hpp"

namespace scan {

void run_parloop(const double* x, double* y, long n) {
  const auto size = static_cast<std::size_t>(n);
  parloop::inclusive_scan(std::span(x, size), std::span(y, size));
}

}  // namespace scan
