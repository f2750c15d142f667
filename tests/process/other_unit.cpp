// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A second translation unit with the header in one program.
#include <atomic>
#include <parloop/parloop.hpp>

int other_unit_loop();
int other_unit_loop() {
  std::atomic<int> runs{0};
  for (int l = 0; l < 10; ++l) {
    parloop::parallel_for(parloop::prange(64), [&](parloop::index_t) { ++runs; });
  }
  return runs;
}
