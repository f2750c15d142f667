// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Scenarios of gangs, the threads behind `pl::team`: detail/team/gang.hpp, gang_thread.hpp, waited_word.hpp.
#pragma once

#include <parloop/detail/team/gang.hpp>
#include <parloop/detail/team/team.hpp>
#include <stdexcept>

#define EXPECT(condition) RL_ASSERT_IMPL((condition), rl::test_result_user_assert_failed, #condition, $)

/// The list of the gangs' threads lives as long as the process; here, as long as an execution.
struct model_gangs {
  using list = parloop::detail::gang_pool;
  using thread = parloop::detail::gang_thread;

  static void begin() { list::all.begin(); }
  static void end() {
    if (list* const made = list::all.load(rl::mo_acquire); made != nullptr) {
      for (thread* t = made->first_.load(rl::mo_acquire); t != nullptr;) {
        thread* const next = t->newer.load(rl::mo_acquire);
        delete t;
        t = next;
      }
      delete made;
    }
    list::all.end();
  }
};

namespace {

namespace pl = parloop;
using pl::detail::gang;
using pl::detail::gang_seat;
using pl::detail::team;

template <class Body>
void run_gang(int members, pl::idle_policy idle, Body body) {
  const auto call = [](void* f, gang& all, gang_seat& own) { (*static_cast<Body*>(f))(all, own); };
  gang(members, idle, call, &body).run();
}

/// The policy of the scenario's gangs.
pl::idle_policy policy_of_gangs();

/// What members write before a barrier is seen by all after it, and by the caller at the end.
template <int Members, int Gangs = 2>
void barriers(team&, unsigned) {
  rl::var<int> input;
  rl::var<int> shown[Members];
  for (int k = 0; k < Gangs; ++k) {
    input($).store(10 * k);
    run_gang(Members, policy_of_gangs(), [&](gang& all, gang_seat& own) {
      for (int round = 0; round < 2; ++round) {
        shown[own.number]($).store(input($).load() + round);
        all.barrier(own);
        EXPECT(shown[(own.number + 1) % Members]($).load() == 10 * k + round);
        all.barrier(own);
      }
    });
    for (auto& s : shown) EXPECT(s($).load() == 10 * k + 1);
  }
}

/// Nothing but the beginning and the end of the bodies orders what they write.
template <int Members>
void bodies(team&, unsigned) {
  rl::var<int> value[Members];
  for (auto& v : value) v($).store(0);
  for (int k = 0; k < 3; ++k) {
    run_gang(Members, policy_of_gangs(), [&](gang&, gang_seat& own) {
      rl::var<int>& v = value[own.number];
      v($).store(v($).load() + 1);
    });
    for (auto& v : value) EXPECT(v($).load() == k + 1);
  }
}

/// The iterations of a shared loop.
template <class Count>
void run_shared_loop(gang& all, gang_seat& own, unsigned k, std::int64_t n, Count count) {
  gang::shared_loop& l = all.enter_loop(k, own);
  std::int64_t i = l.next.load(rl::mo_relaxed);
  while (i < n) {
    if (!l.next.compare_exchange_weak(i, i + 1, rl::mo_relaxed)) continue;
    count(i);
    i = l.next.load(rl::mo_relaxed);
  }
  all.leave_loop(l);
}

/// Loops without barriers, more than members may be apart, and who comes first.
void shared_loops(team&, unsigned) {
  constexpr unsigned loops = 2 * gang::most_apart + 1;
  int ran[loops][2] = {};
  int firsts[loops] = {};
  run_gang(2, policy_of_gangs(), [&](gang& all, gang_seat& own) {
    for (unsigned k = 0; k < loops; ++k) {
      if (all.is_first(k)) ++firsts[k];
      run_shared_loop(all, own, k, 2, [&](std::int64_t i) { ++ran[k][i]; });
    }
  });
  for (unsigned k = 0; k < loops; ++k) EXPECT(ran[k][0] == 1 && ran[k][1] == 1 && firsts[k] == 1);
}

struct thrown {};

/// A member throws, and the others wait for it at a barrier, or because they are ahead. The threads serve again.
template <bool InLoops>
void thrower(team& t, unsigned number) {
  bool caught = false;
  try {
    run_gang(3, policy_of_gangs(), [&](gang& all, gang_seat& own) {
      if (own.number == 1) throw thrown();
      if constexpr (InLoops) {
        for (unsigned k = 0; k <= gang::most_apart; ++k) run_shared_loop(all, own, k, 1, [](std::int64_t) {});
        EXPECT(false);
      } else {
        all.barrier(own);
        EXPECT(false);
      }
    });
  } catch (const thrown&) {
    caught = true;
  }
  EXPECT(caught);
  barriers<2, 1>(t, number);
}

/// A member ends while others wait for it.
void leaver(team&, unsigned) {
  bool told = false;
  try {
    run_gang(3, policy_of_gangs(), [&](gang& all, gang_seat& own) {
      if (own.number != 1) all.barrier(own);
    });
  } catch (const std::logic_error&) {
    told = true;
  }
  EXPECT(told);
}

/// Threads cannot be made: no body runs, and those that were taken serve others.
void lacking(team&, unsigned) {
  for (int k = 0; k < 2; ++k) {
    int ran = 0;
    bool refused = false;
    try {
      run_gang(3, policy_of_gangs(), [&](gang&, gang_seat&) { ++ran; });
    } catch (const std::system_error&) {
      refused = true;
    }
    EXPECT(ran == (refused ? 0 : 3));
  }
}

/// Threads that sleep would sleep for ever, and so would those that were started for a gang that lacked others: all of
/// them form a gang after which they end.
void end_gangs() {
  const bool all_end = policy_of_gangs().what == pl::idle_policy::kind::release && !model::here.may_fail;
  model::here.may_fail = false;
  if (!all_end) {
    run_gang(model::here.threads_made - model::here.threads_ended + 1, pl::idle::release(), [](gang&, gang_seat&) {});
  }
  while (model::here.threads_ended < model::here.threads_made) rl::yield(1, $);
  model_gangs::end();
}

}  // namespace
