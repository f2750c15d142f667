// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The model's threads share what is thread_local, so they take over nothing.
#pragma once

namespace parloop::inline v0_2 {

class backend;

namespace detail {

struct caller_context {
  struct adopted {
    explicit adopted(const caller_context&, bool = false) noexcept {}
  };
};

}  // namespace detail
}  // namespace parloop::inline v0_2
