// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <parloop/parloop.hpp>
#include <parloop/progress_bar.hpp>

void run_with_bar() {
  parloop::parallel_for(parloop::prange(10).progress(parloop::progress_bar("consumer")), [](parloop::index_t) {});
}
