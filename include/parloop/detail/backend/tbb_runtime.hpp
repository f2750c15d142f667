// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// oneTBB: its tasks, and what its idle threads can be told, which depends on its version. For backend/tbb.hpp.
#pragma once

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>
#include <oneapi/tbb/version.h>

#include <exception>
#include <optional>
#include <string>

#include "../../idle.hpp"
#include "../base/throw.hpp"
#include "home_process.hpp"
#include "optional_backends.hpp"

namespace parloop::inline v0_2::detail {

/// Noted before tasks are made.
inline constinit home_process tbb_home{};

/// Calls take_part(number) for every number in [0, count), as tasks of the calling thread's arena; 0 is the caller's.
/// Isolated: a thread that waits here must not begin tasks of others, which may want locks that its bodies hold.
template <class TakePart>
void run_as_tbb_tasks(int count, const TakePart& take_part) {
  ::tbb::this_task_arena::isolate([&] {
    ::tbb::task_group others;
    const auto spawn = [&] {
      for (int number = 1; number < count; ++number) {
        others.run([&take_part, number] { take_part(number); });
      }
    };
    call_or(spawn, [] {});  // no more threads, or no memory: what was spawned is run by who waits
    take_part(0);
    others.wait();
  });
}

/// Since 2022 threads spin for a millisecond before they leave an arena. Since 2023 the program can have them leave at
/// once: for the lifetime of an object of this class, in arenas that are made meanwhile.
template <class Control>
class tbb_threads {
  static constexpr bool can_be_told = requires { Control::leave_policy; };

 public:
  explicit tbb_threads([[maybe_unused]] idle_policy idle) {
    if constexpr (can_be_told) {
      using arena = std::conditional_t<can_be_told, ::tbb::task_arena, Control>;
      if (idle.what != idle_policy::kind::spin) leave_.emplace(Control::leave_policy, arena::leave_policy::fast);
    }
  }
  [[nodiscard]] std::string details() const {
    return "oneTBB " + std::to_string(TBB_VERSION_MAJOR) + "." + std::to_string(TBB_VERSION_MINOR) +
           (!can_be_told ? ", whose idle threads cannot be told what to do"
            : leave_     ? ", told to let idle threads go"
                         : "") +
           "; in forked children loops run in their caller";
  }

 private:
  std::optional<Control> leave_;
};

#if !defined(__ELF__)
inline backend* make_tbb(backend_options options);  // in backend/tbb.hpp
inline const bool tbb_is_noted = (noted_tbb = &make_tbb) != nullptr;
#endif

}  // namespace parloop::inline v0_2::detail
