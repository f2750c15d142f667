// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <pthreadpool.h>

#include <cstddef>

#include "loops.hpp"

namespace idle_cost {

namespace {

pthreadpool_t team() {
  static pthreadpool_t pool = pthreadpool_create(0);  // as many threads as CPUs
  return pool;
}

}  // namespace

void run_pthreadpool(long n, chunk c) {
  const auto threads = static_cast<long>(pthreadpool_get_threads_count(team()));
  const auto tile = static_cast<std::size_t>((n + threads - 1) / threads);
  const auto run = [](void* body, std::size_t begin, std::size_t size) {
    (*static_cast<chunk*>(body))(static_cast<long>(begin), static_cast<long>(begin + size));
  };
  pthreadpool_parallelize_1d_tile_1d(team(), run, &c, static_cast<std::size_t>(n), tile, 0);
}

}  // namespace idle_cost
