// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <pthreadpool.h>

#include <cstddef>

#include "loops.hpp"

namespace small_loops {

namespace {

pthreadpool_t team() {
  static pthreadpool_t pool = pthreadpool_create(0);  // as many threads as CPUs
  return pool;
}

}  // namespace

// One tile per thread, as its own static scheduling deals them; late threads are helped out by stealing.
void run_pthreadpool(long n, long k) {
  if (n == 0) return;
  const auto threads = static_cast<long>(pthreadpool_get_threads_count(team()));
  const auto tile = static_cast<std::size_t>((n + threads - 1) / threads);
  const auto run = [](void* length, std::size_t begin, std::size_t size) {
    chunk(static_cast<long>(begin), static_cast<long>(begin + size), *static_cast<long*>(length));
  };
  pthreadpool_parallelize_1d_tile_1d(team(), run, &k, static_cast<std::size_t>(n), tile, 0);
}

}  // namespace small_loops
