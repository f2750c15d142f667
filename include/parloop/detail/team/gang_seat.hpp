// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A member's place in a gang. For detail/team/gang_thread.hpp.
#pragma once

#include <cstddef>

#include "../base/patience.hpp"

namespace parloop::inline v0_2::detail {

/// One member's place in a gang, of which each thread and each caller has one.
struct gang_seat {
  static constexpr std::size_t cell = 64;

  alignas(64) std::byte cells[2][cell];  // what the member shows the others, in turn (gang::exchange)
  gang_seat* next = nullptr;             // the next member's
  int number = 0;
  cpu_sharing on_cpu;  // of this member alone
};

}  // namespace parloop::inline v0_2::detail
