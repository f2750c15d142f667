// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How a region begins and ends: of how many threads, and as which team. For plug/libgomp.hpp.
#pragma once

#include <memory>
#include <optional>
#include <system_error>

#include "../../default_backend.hpp"
#include "../../detail/team/gang.hpp"
#include "display.hpp"
#include "outermost.hpp"
#include "waiting.hpp"

namespace parloop::inline v0_2::detail::gomp {

/// Set by the first task that is left to others: from then on regions' members wait for each other at the end, as
/// OpenMP has it, to run tasks. Relaxed: no result depends on it.
inline constinit atomic<bool> tasks_are_used{false};

/// What the default backend says of teams.
[[nodiscard]] inline team_rules rules_for_teams() noexcept {
  backend* const b = default_or_null();
  return b != nullptr ? b->teams() : team_rules{};
}

/// How many threads a region may have that asks for `wanted`; 0: it does not say.
[[nodiscard]] inline int threads_for(const thread_state& me, unsigned wanted, const team_rules& rules) noexcept {
  const control& icv = me.current->icv;
  if (me.team->active_level >= icv.most_active) return 1;
  int n = wanted != 0 ? static_cast<int>(smaller<unsigned>(wanted, most_threads)) : icv.threads;
  if (icv.dynamic) n = smaller(n, larger(program_settings().cpus, 1));
  return smaller(n, rules.most_members);
}

/// Counts the threads of a region that asks for n, the caller's among them, or as many as OMP_THREAD_LIMIT leaves to
/// it; returns how many. To look and to count is one step, as members of a region may begin regions at the same time.
[[nodiscard]] inline int take_threads(const thread_state& me, int n) noexcept {
  const int limit = me.current->icv.thread_limit;
  atomic<int>& others = *me.team->other_threads;
  int seen = others.load(memory_order_relaxed);  // relaxed: a number; orders nothing
  while (true) {
    const int taken = limit == INT_MAX ? n : smaller(n, larger(1, limit - seen));
    if (taken == 1 || others.compare_exchange_weak(seen, seen + taken - 1, memory_order_relaxed)) return taken;
  }
}

/// One region, of members that take_threads has counted: begins in open(), whose caller then runs its own part, and
/// ends in close().
class parallel {
 public:
  using function = void (*)(void*);

  parallel(function f, void* data, int members, const team_rules& rules)
      : function_(f), data_(data), before_(here()), team_(members, before_) {
    if (members > 1) {
      idle_policy idle = rules.idle;
      if (const int policy = program_settings().wait_policy; policy != 0) {
        idle = policy > 0 ? idle::spin() : idle::park();
      }
      gang_.emplace(members, idle, &run_other, this);
      idle_rule rule;
      rule.set(idle);
      team_.longest_wait = rule.longest_join_spin();
      team_.threads = &gang_pool::here();
      team_.meets_at_end = tasks_are_used.load(memory_order_relaxed);
    } else {
      team_.longest_wait = idle_rule::shortest_join_spin();
    }
  }
  parallel(const parallel&) = delete;
  parallel& operator=(const parallel&) = delete;
  ~parallel() = default;

  [[nodiscard]] region& team() noexcept { return team_; }

  /// Members begin at the construct that `fill` describes, as if they had come to it.
  template <class Fill>
  void begin_at(const Fill& fill) {
    fill(team_.first);
  }
  /// Members begin in this group of tasks.
  void begin_in(task_group& group) noexcept { group_ = &group; }

  /// Throws what gang::open does; then nothing has begun.
  void open() {
    thread_state& me = this_thread;
    if (gang_) {
      try {
        gang_->open(seat_);
      } catch (...) {
        team_.other_threads->fetch_sub(team_.size - 1, memory_order_relaxed);
        throw;
      }
    }
    own_.emplace(inherited());
    enter(me, 0, *own_);
  }

  void close() noexcept {
    thread_state& me = this_thread;
    leave(me);
    if (gang_) {
      gang_->close(seat_);
      team_.other_threads->fetch_sub(team_.size - 1, memory_order_relaxed);
    }
    if (team_.tasks.has_events) const locked last(team_.tasks.lock);  // whoever has fulfilled one has let go of it
    const cpu_sharing on_cpu = me.on_cpu;
    me = before_;
    me.on_cpu = on_cpu;
  }

  void run() {
    open();
    function_(data_);
    close();
  }

  void* previous = nullptr;  // of those that GOMP_parallel_start has opened

 private:
  [[nodiscard]] control inherited() const noexcept {
    control icv = before_.current->icv;
    const auto& list = program_settings().threads;
    const auto inner = static_cast<std::size_t>(team_.active_level);
    if (inner < list.size() && inner > 0) icv.threads = list[inner];
    return icv;
  }

  void enter(thread_state& me, int number, task& own) noexcept {
    const cpu_sharing on_cpu = me.on_cpu;
    me = {};
    me.on_cpu = on_cpu;
    me.team = &team_;
    me.number = number;
    me.current = &own;
    me.share = &team_.first;
    me.team_number = before_.team_number;
    me.teams = before_.teams;
    own.team = &team_;
    own.group = group_;
    own.final = before_.current->final && team_.size == 1;
  }

  void leave(thread_state& me) noexcept {
    if (team_.meets_at_end) {
      meet(me, team_.end, 1, false);
    } else if (team_.tasks.unfinished() != 0) {
      wait_for_tasks(
          me, [&] { return team_.tasks.unfinished() == 0; }, [](const task&) { return true; });
    }
    if (me.current->uses == nullptr) return;  // which its own thread alone makes
    const locked l(team_.tasks.lock);
    task_pool::forget_uses(*me.current);
  }

  static void run_other(void* self, gang&, gang_seat& seat) {
    auto& p = *static_cast<parallel*>(self);
    thread_state& me = this_thread;
    task own(p.inherited());
    p.enter(me, seat.number, own);
    if (program_settings().display_affinity) display_own_affinity(me);
    p.function_(p.data_);
    p.leave(me);
    const cpu_sharing on_cpu = me.on_cpu;
    me = {};
    me.on_cpu = on_cpu;
  }

  function function_;
  void* data_;
  thread_state before_;
  region team_;
  task_group* group_ = nullptr;
  std::optional<gang> gang_;
  gang_seat seat_;
  std::optional<task> own_;
};

/// Runs f(data) in a region of `wanted` threads, or of fewer when the system has no more; `prepare` says what it begins
/// with. Returns how many they were.
template <class Prepare>
int run_parallel(parallel::function f, void* data, unsigned wanted, const Prepare& prepare) {
  const team_rules rules = rules_for_teams();
  int n = threads_for(here(), wanted, rules);
  while (true) {
    n = take_threads(here(), n);
    parallel p(f, data, n, rules);
    prepare(p);
    try {
      p.open();
    } catch (const std::system_error& e) {
      warn_of_missing_threads(e.code().value(), n / 2, n);
      n = larger(1, n / 2);
      continue;
    }
    f(data);
    p.close();
    return n;
  }
}

/// As GOMP_parallel, for programs of GCC before 4.9, whose threads run their own part between the two calls.
template <class Prepare>
void open_parallel(parallel::function f, void* data, unsigned wanted, const Prepare& prepare) {
  const team_rules rules = rules_for_teams();
  for (int n = threads_for(here(), wanted, rules);; n = larger(1, n / 2)) {
    n = take_threads(here(), n);
    auto p = std::make_unique<parallel>(f, data, n, rules);
    prepare(*p);
    p->previous = this_thread.opened;
    try {
      p->open();
    } catch (const std::system_error& e) {
      warn_of_missing_threads(e.code().value(), n / 2, n);
      continue;
    }
    this_thread.opened = p.release();
    return;
  }
}

}  // namespace parloop::inline v0_2::detail::gomp
