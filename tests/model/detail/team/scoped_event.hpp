// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Nobody observes the model's threads but the model.
#pragma once

namespace parloop::inline v0_2::detail {

enum class thread_event : int { living, parked, waiting, waking };

struct scoped_event {
  explicit scoped_event(thread_event, const void* = nullptr, int = 1) noexcept {}
};

}  // namespace parloop::inline v0_2::detail
