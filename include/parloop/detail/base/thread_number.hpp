// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A small number for every thread that asks. For backends that record who did what.
#pragma once

#include "atomic.hpp"

namespace parloop::inline v0_2::detail {

/// 1 for the first thread that asks, 2 for the next.
[[nodiscard]] inline unsigned thread_number() noexcept {
  static constinit atomic<unsigned> last{0};
  static thread_local constinit unsigned own = 0;
  if (own == 0) own = last.fetch_add(1, memory_order_relaxed) + 1;  // relaxed: only has to be different
  return own;
}

}  // namespace parloop::inline v0_2::detail
