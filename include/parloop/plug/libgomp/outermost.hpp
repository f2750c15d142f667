// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What a thread is outside of all parallel regions, from its first use of OpenMP on. For plug/libgomp.hpp.
#pragma once

#include "../../detail/team/idle_rule.hpp"
#include "region.hpp"

namespace parloop::inline v0_2::detail::gomp {

/// The region that a thread is alone in while it is in no other.
struct outermost {
  explicit outermost(const control& first) noexcept : team(1, {}), implicit(first) {}
  region team;
  task implicit;
  atomic<int> other_threads{0};
};

inline void use_outermost(thread_state& me, outermost& own) noexcept {
  own.implicit.team = &own.team;
  own.team.other_threads = &own.other_threads;
  own.team.longest_wait = idle_rule::shortest_join_spin();
  me.team = &own.team;
  me.share = &own.team.first;
  me.current = &own.implicit;
}

[[gnu::cold, gnu::noinline]] inline void enter_openmp(thread_state& me) {
  struct owner {
    outermost* here = nullptr;
    ~owner() {
      if (here != nullptr && this_thread.team == &here->team) this_thread = {};
      delete here;
    }
  };
  static thread_local owner own;
  own.here = new outermost(program_settings().first);
  use_outermost(me, *own.here);
}

/// The calling thread's state, ready for all.
[[nodiscard]] inline thread_state& here() {
  thread_state& me = this_thread;
  if (me.team == nullptr) enter_openmp(me);
  return me;
}

}  // namespace parloop::inline v0_2::detail::gomp
