// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The default backend: a pool of threads that is fast while loops come back to back and silent when they do not.
#pragma once

#include "../detail/team/team_backend.hpp"

namespace parloop::inline v0_2 {

/// How to set up a thread pool.
using thread_pool_options = pool_options;

/// Runs loops on the calling thread and up to width() - 1 workers, which are made when a loop first needs them. The
/// caller works first and waits only for workers that have taken a part. Loops nested in one of its chunks run in their
/// caller; loops of several callers share the workers. In a forked child the pool starts anew.
class thread_pool final : public detail::team_backend {
 public:
  /// Throws `std::invalid_argument` when the number of threads is negative or above 4096.
  [[gnu::cold]] explicit thread_pool(pool_options options = {})
      : team_backend(options, detail::nested_loops::in_their_caller) {}
  /// Waits for detached work, and ends the threads. No loop may be running, and no other work be left.
  [[gnu::cold]] ~thread_pool() override { end_work(); }

  [[nodiscard]] std::string_view name() const noexcept override { return "thread_pool"; }
};

}  // namespace parloop::inline v0_2
