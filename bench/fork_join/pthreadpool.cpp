// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <pthreadpool.h>

#include <cstddef>

#include "loops.hpp"

namespace fork_join {

void run_pthreadpool(iteration i) {
  static pthreadpool_t pool = pthreadpool_create(2);
  const auto run = [](void* body, std::size_t k) { (*static_cast<iteration*>(body))(static_cast<long>(k)); };
  pthreadpool_parallelize_1d(pool, run, &i, 2, 0);
}

}  // namespace fork_join
