// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The backend for loops inside loops: whoever is idle helps with any loop, also with a nested one.
#pragma once

#include "../detail/team/team_backend.hpp"

namespace parloop::inline v0_2 {

/// As `thread_pool`, but nested loops are shared too: idle workers take part in them, and so do callers that wait for
/// the end of a loop around them, but in no other loops, because they may hold locks. At any depth there are no more
/// than width() - 1 workers. Who has run out of work takes half of the largest share that is left in its loop.
class work_stealing final : public detail::team_backend {
 public:
  /// Throws `std::invalid_argument` when the number of threads is negative or above 4096.
  [[gnu::cold]] explicit work_stealing(pool_options options = {})
      : team_backend(options, detail::nested_loops::shared) {}
  /// Waits for detached work, and ends the threads. No loop may be running, and no other work be left.
  [[gnu::cold]] ~work_stealing() override { end_work(); }

  [[nodiscard]] std::string_view name() const noexcept override { return "work_stealing"; }
};

}  // namespace parloop::inline v0_2
