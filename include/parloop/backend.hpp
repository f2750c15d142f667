// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// THE SEAM. A backend is something that runs chunks of a loop; everything above it (probing, grain, exceptions,
/// reductions) is written once, in detail/loop/run_chunks.hpp, and holds on every backend.
#pragma once

#include <limits>
#include <string_view>

#include "detail/base/durations.hpp"
#include "idle.hpp"
#include "index.hpp"
#include "short_text.hpp"

namespace parloop::inline v0_2 {

namespace detail {
class team;
}

/// A loop body with its type erased: a function that runs the iterations [begin, end). Does not own `body`.
struct chunk_fn {
  void (*call)(void* body, index_t begin, index_t end) noexcept;  ///< runs the iterations; never throws
  void* body;                                                     ///< what `call` is to be given

  /// Runs the iterations [begin, end).
  void operator()(index_t begin, index_t end) const noexcept { call(body, begin, end); }
};

/// Nanoseconds, and fractions of them.
using fractional_nanoseconds = std::chrono::duration<double, std::nano>;

/// One loop, as a backend sees it: the iterations [0, n), to be run in chunks that begin at a multiple of `grain`.
struct loop {
  index_t n = 0;                                  ///< iterations; > 0
  index_t grain = 1;                              ///< chunks begin at a multiple of it and end at one or at n; > 0
  int width = (std::numeric_limits<int>::max)();  ///< most threads that may run chunks at once, caller included; > 0
  chunk_fn chunk{};  ///< what to run; may be called by several threads at once, never throws

  // What the front end has measured, for backends that can use it. Zero: not known.
  fractional_nanoseconds iteration{0};  ///< time of one iteration
  std::chrono::nanoseconds next{0};     ///< time from the end of this loop until the caller's next is expected
};

/// A backend's answer to a loop that wants to be shared.
struct help_offered {
  std::chrono::nanoseconds price;  ///< what is lost by asking for one more thread; `backend::never`: no help is given
  bool awake = false;              ///< a thread is, that can help; else one has to be woken or made
  /// Threads stay awake after a loop whose `next` is near. Then one may be woken for the sake of the loops to come,
  /// each of which alone would not pay for it.
  bool stays_awake = false;
};

/// What a backend allows the teams that name it (algorithm/team.hpp). Their threads are the process's own, and none of
/// the backend's.
struct team_rules {
  int most_members = 4096;              ///< at once in one team, the caller included
  idle_policy idle = idle::adaptive();  ///< how long members that wait for others poll before they sleep
};

/// The interface. Write one by deriving from it: `run` has to cover [0, n) exactly once, and that is all.
class backend {
 public:
  backend() = default;
  backend(const backend&) = delete;
  backend& operator=(const backend&) = delete;
  virtual ~backend() = default;

  /// What it is called, for people. The text lives as long as the backend.
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  /// Threads that may run chunks at once, the caller included; at least 1.
  [[nodiscard]] virtual int width() const noexcept = 0;

  /// What asking for help costs the loop that asks *now*.
  [[nodiscard]] virtual help_offered help() const noexcept = 0;
  /// The price where a loop had better run in its caller, for instance because it is nested in another of this backend.
  static constexpr std::chrono::nanoseconds never = (std::chrono::nanoseconds::max)();

  /// Runs the loop and returns when all of it has run. Each iteration of [0, n) is in exactly one call of `work.chunk`;
  /// the calls may come in any order, from any thread, at the same time. What they wrote is visible on return. May be
  /// called by several threads at once and from inside a chunk. `work` lives until `run` returns.
  virtual void run(const loop& work) = 0;

  /// What holds for a `team` that names this backend.
  [[nodiscard]] virtual team_rules teams() const noexcept { return {}; }

  /// The workers, where they are the library's own: `keep_awake` keeps these awake, and launched work runs on them.
  /// Null, as in a backend of yours: others.
  [[nodiscard]] virtual detail::team* own_team() noexcept { return nullptr; }

  /// What else a user may want to know, for `describe`: policies in force, what the backend cannot do. One sentence or
  /// more, or nothing.
  [[nodiscard]] virtual short_text details() const { return {}; }
};

}  // namespace parloop::inline v0_2
