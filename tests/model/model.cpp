// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The library's own door.hpp, futex.hpp, worker_threads.hpp, team.hpp, fork_join.hpp, team_loop.hpp, bursts.hpp,
/// launching.hpp and gang.hpp, with what these include, under Relacy.
/// Arguments: a scenario's name, or "all"; how many executions of each, all different and the same in every run;
/// "first": stop at the first scenario that fails.
///
/// What is looked for, in each execution: no deadlock although bodies wait for a helper (so no wake-up is lost), no
/// livelock, no data race on what bodies read and write, every iteration once, no use of what has been destroyed, every
/// thread joined or detached once, and nobody helping a loop that is none of its own.
///
/// What is not covered:
/// - More than 3 workers or members, 2 callers, 3 doors, and nests of 2 loops; executions are tried at random, not all
///   of them.
/// - Stores of one variable are ordered as they are executed, so a missing order between two writers is not noticed
///   (give_back and take). Nor is one that only what is replaced would need: pthread_create's own writes, the dealing.
/// - Spurious returns of the futex, `spin` and the time for which anybody polls; that a caller gets its helpers soon,
///   rather than before its loop ends; the semaphore and waits of systems without a futex.
/// - team_backend.hpp, where callers race to make the team, and workqueue.hpp.
/// - Forks. A child goes on from one thread's point of view while all others stop for ever at any step. Relacy ends an
///   execution when all its threads have returned: those that stopped cannot, as their functions are noexcept and what
///   they wait for is gone, and going on they would find what the child has changed, as if it were the parent. So each
///   execution would need a process of its own. A child's steps wait for nobody and order nothing, having one thread;
///   the states that it can find are few, and process/fork.cpp has a test for each.
#include <parloop/detail/team/burst.hpp>
#include <parloop/detail/team/launching.hpp>
#include <parloop/detail/team/team_loop.hpp>

#include "gangs.hpp"

namespace {

namespace pl = parloop;
using pl::index_t;
using pl::detail::team;

/// What a loop's caller does in its first iteration, or in a later one: goes on, or waits until somebody helps.
enum class wait { never, first, later };

/// Where helpers wait for each other.
struct meeting {
  int missing = 0;
  rl::waitset<model::most_threads> waiting;

  void come() {
    if (--missing == 0) {
      waiting.unpark_all(rl::ctx(), $);
    } else if (missing > 0) {
      waiting.park_current(rl::ctx(), false, false, false, $);
    }
  }
};
meeting helpers;

struct test_loop {
  static constexpr int most = 4;

  explicit test_loop(wait w, void (*nested)(void*) = nullptr, void* argument = nullptr)
      : waits(w), nested_loop(nested), nested_argument(argument) {}

  /// Returns how many of the iterations others ran.
  int run(team& t, int threads) {
    caller = rl::thread_index();
    used = &t;
    input($).store(7);
    pl::loop work;
    work.n = waits == wait::later ? 3 : threads;
    work.iteration = pl::fractional_nanoseconds(waits == wait::later ? 1 : 0);  // short chunks, or unknown ones
    work.chunk = {&chunk, this};
    pl::detail::run_on_team(t, work, threads, &t, std::chrono::nanoseconds(0));
    for (index_t i = 0; i < work.n; ++i) {
      EXPECT(output[i]($).load() == 8);
      EXPECT(runs[i] == 1);
    }
    return helped;
  }

  static void chunk(void* self, index_t begin, index_t) noexcept { static_cast<test_loop*>(self)->iteration(begin); }
  void iteration(index_t i) {
    ++runs[i];
    output[i]($).store(input($).load() + 1);
    if (rl::thread_index() != caller) {
      EXPECT(!may_not_help[rl::thread_index()]);
      // Who is awake is no sleeper: the only worker of a team is this one.
      EXPECT(!only_worker || used->head_start() == pl::detail::delay_of_awake_worker);
      ++helped;
      help_came.unpark_all(rl::ctx(), $);
      if (nested_loop != nullptr) nested_loop(nested_argument);
    } else if ((waits == wait::first && i == 0) || (waits == wait::later && i > 0)) {
      while (helped < helpers_needed) help_came.park_current(rl::ctx(), false, false, false, $);
    }
  }

  wait waits;
  void (*nested_loop)(void*);
  void* nested_argument;
  static inline bool only_worker = false;  // which stays

  team* used = nullptr;
  unsigned caller = 0;
  int helpers_needed = 1;
  int helped = 0;
  int runs[most] = {};
  bool may_not_help[model::most_threads] = {};
  rl::waitset<model::most_threads> help_came;
  rl::var<int> input;
  rl::var<int> output[most];
};

struct setting {
  const char* name;
  void (*call)(team&, unsigned number);  // what each caller does
  int callers = 1;
  int workers = 1;
  pl::idle_policy idle = pl::idle::park();
  pl::detail::nested_loops nested = pl::detail::nested_loops::in_their_caller;
  bool may_fail = false;      // making threads
  rl::iteration_t times = 1;  // as many executions as of others, for what is rare
};

template <wait... Waits>
void loops(team& t, unsigned) {
  for (const wait w : {Waits...}) test_loop(w).run(t, 3);
}

/// Two loops at the same time, each of which goes on when the other has a helper, too.
void apart(team& t, unsigned) {
  test_loop(wait::first, [](void*) { helpers.come(); }).run(t, 2);
}
void apart_later(team& t, unsigned number) {
  test_loop(wait::never).run(t, 3);
  apart(t, number);
}

/// A loop that goes on when it has both workers, beside one that wants one of them for a while.
void together(team& t, unsigned number) {
  if (number == 0) {
    test_loop wants_both(wait::first, [](void*) { helpers.come(); });
    wants_both.helpers_needed = 2;
    wants_both.run(t, 3);
  } else {
    test_loop(wait::never).run(t, 2);
  }
}

/// Loops that go on when they have three workers: more than their caller starts, and more than leave by one word.
void three(team& t, unsigned) {
  for (int k = 0; k < 2; ++k) {
    test_loop wants_all(wait::first, [](void*) { helpers.come(); });
    helpers.missing = wants_all.helpers_needed = 3;
    wants_all.run(t, 4);
  }
}

/// As with two loops that need a worker each, when one of the first loop's helpers has shut its door and left, and the
/// other stays.
void one_stays(team& t, unsigned number) {
  if (number == 1) {
    while (helpers.missing == 2 || t.threads() > 1) rl::yield(1, $);
    return apart(t, number);
  }
  int came = 0;
  const auto second_waits = [](void* count) {
    if (++*static_cast<int*>(count) == 2) helpers.come();
  };
  test_loop wants_both(wait::first, second_waits, &came);
  wants_both.helpers_needed = 2;
  wants_both.run(t, 3);
}

/// Sleeping workers follow a new policy, though nobody loops any more.
void new_policy(team& t, unsigned) {
  test_loop(wait::first).run(t, 2);
  t.set_idle(pl::idle::release());
  while (t.threads() != 0) rl::yield(1, $);
}

/// The only worker calls a loop inside a chunk, and waits in it for the caller of the outer one.
void nested(team& t, unsigned) {
  const auto inner = [](void* p) { test_loop(wait::first).run(*static_cast<team*>(p), 2); };
  test_loop(wait::first, inner, &t).run(t, 2);
}

/// The first caller, which waits for the end of its loop, helps with loops nested in it, but not with the other's.
void foreign(team& t, unsigned number) {
  if (number == 0) {
    const auto inner = [](void* p) { test_loop(wait::never).run(*static_cast<team*>(p), 2); };
    test_loop(wait::first, inner, &t).run(t, 2);
  } else {
    for (int k = 0; k < 2; ++k) {
      test_loop other(wait::never);
      other.may_not_help[0] = true;
      other.run(t, 2);
    }
  }
}

/// As foreign, but the other loop takes the door of the nested one while the first caller waits.
void taken_over(team& t, unsigned number) {
  if (number == 0) {
    const auto inner = [](void* p) {
      test_loop(wait::never).run(*static_cast<team*>(p), 2);
      helpers.come();
    };
    test_loop(wait::first, inner, &t).run(t, 2);
  } else {
    while (helpers.missing == 2) rl::yield(1, $);
    test_loop other(wait::never);
    other.may_not_help[0] = true;
    other.run(t, 2);
    helpers.come();
  }
}

/// Loops that go on when they have both workers.
void both_again(team& t, unsigned) {
  for (int k = 0; k < 5; ++k) {
    test_loop wants_both(wait::first, [](void*) { helpers.come(); });
    helpers.missing = wants_both.helpers_needed = 2;
    wants_both.run(t, 3);
  }
}

using launching = team::launching;

/// A task that adds one to what its launcher wrote.
struct test_task : pl::detail::task {
  explicit test_task(team& t, bool loops = false) : task(&run_once), on(t), has_loop(loops) {}
  static void run_once(task& self) noexcept {
    auto& own = static_cast<test_task&>(self);
    EXPECT(++own.runs == 1);
    own.output($).store(own.input($).load() + 1);
    own.begun = true;
    own.begins.unpark_all(rl::ctx(), $);
    if (own.has_loop) {
      const pl::detail::inside mark(&own.batch, pl::detail::inside::a_task);
      test_loop(wait::first).run(own.on, 2);
    }
    own.batch.finish();
  }

  team& on;
  bool has_loop;
  int runs = 0;
  bool begun = false;
  rl::waitset<model::most_threads> begins;
  rl::var<int> input;
  rl::var<int> output;
  pl::detail::task_batch batch;
};

/// Tasks that are waited for, by whoever runs them.
void launched(team& t, unsigned) {
  for (int k = 0; k < 2; ++k) {
    test_task w(t);
    w.input($).store(7);
    launching::post(t, w.batch, w);
    EXPECT(launching::wait(t, w.batch));
    EXPECT(w.output($).load() == 8);
  }
}

/// Tasks that workers have to begin, while nobody waits; and a loop that goes on when who waits for its task helps.
template <bool WithLoop>
void begun_by_workers(team& t, unsigned) {
  for (int k = 0; k < 2; ++k) {
    test_task w(t, WithLoop);
    w.input($).store(7);
    launching::post(t, w.batch, w);
    while (!w.begun) w.begins.park_current(rl::ctx(), false, false, false, $);
    EXPECT(launching::wait(t, w.batch));
    EXPECT(w.output($).load() == 8);
  }
}

/// A worker is awake in a burst, whatever it was about to do when that began, and falls asleep after it.
template <bool WithLoops>
void bursts(team& t, unsigned) {
  for (int k = 0; k < 2; ++k) {
    const team::burst burst(t, std::chrono::hours(1));
    while (t.head_start() != pl::detail::delay_of_awake_worker || t.threads() == 0) rl::yield(1, $);
    if constexpr (WithLoops) test_loop(wait::first).run(t, 2);
  }
}

/// A task whose end the team counts.
struct detached_task : pl::detail::task {
  explicit detached_task(team& t) : task(&run_once), on(t) {}
  static void run_once(task& self) noexcept {
    auto& own = static_cast<detached_task&>(self);
    team& t = own.on;
    own.output($).store(own.input($).load() + 1);
    ++own.runs;  // the task may be gone now
    launching::end_detached(t);
  }
  team& on;
  int runs = 0;
  rl::var<int> input;
  rl::var<int> output;
};

/// Tasks that nobody waits for. Where there are no workers who launches runs them, or the other thread that does.
template <bool Wait>
void detached(team& t, unsigned) {
  detached_task all[] = {detached_task(t), detached_task(t)};
  for (detached_task& w : all) {
    w.input($).store(7);
    launching::post_detached(t, w);
  }
  if constexpr (Wait) launching::wait_for_detached(t);
  for (detached_task& w : all) {
    while (w.runs == 0) rl::yield(1, $);
    EXPECT(w.runs == 1);
    if constexpr (Wait) EXPECT(w.output($).load() == 8);
  }
}

/// A task that adds another to its batch, which who waits for both has to run.
struct growing_group {
  struct member : pl::detail::task {
    member(growing_group& g, void (*function)(task&) noexcept) : task(function), group(g) {}
    growing_group& group;
  };
  explicit growing_group(team& t) : on(t) {}
  static void run_first(pl::detail::task& self) noexcept {
    growing_group& g = static_cast<member&>(self).group;
    g.first_begun = true;
    g.begins.unpark_all(rl::ctx(), $);
    launching::post(g.on, g.batch, g.second);
    g.batch.notify_waiters();
    while (!g.second_begun) g.begins.park_current(rl::ctx(), false, false, false, $);
    g.batch.finish();
  }
  static void run_second(pl::detail::task& self) noexcept {
    growing_group& g = static_cast<member&>(self).group;
    g.second_begun = true;
    g.begins.unpark_all(rl::ctx(), $);
    g.batch.finish();
  }

  team& on;
  pl::detail::task_batch batch;
  member first{*this, &run_first};
  member second{*this, &run_second};
  bool first_begun = false;
  bool second_begun = false;
  rl::waitset<model::most_threads> begins;
};
void grows(team& t, unsigned) {
  growing_group g(t);
  launching::post(t, g.batch, g.first);
  while (!g.first_begun) g.begins.park_current(rl::ctx(), false, false, false, $);
  EXPECT(launching::wait(t, g.batch));
}

constexpr auto shared = pl::detail::nested_loops::shared;
const setting settings[] = {
    // A worker that falls asleep, or is about to, when a loop starts that waits for it.
    {.name = "parked", .call = &loops<wait::first, wait::later, wait::first>},
    {.name = "two_workers", .call = &loops<wait::first, wait::later>, .workers = 2},
    {.name = "spinning", .call = &loops<wait::first, wait::later>, .idle = pl::idle::adaptive()},
    // A worker that leaves when a loop starts that waits for it.
    {.name = "released", .call = &loops<wait::first, wait::first>, .idle = pl::idle::release()},
    {.name = "released_later",
     .call = &loops<wait::later, wait::later>,
     .idle = pl::idle::release(std::chrono::milliseconds(1))},
    // Threads that end and start while the team is destroyed.
    {.name = "destroyed", .call = &loops<wait::never, wait::never>, .workers = 2, .idle = pl::idle::release()},
    {.name = "failing", .call = &loops<wait::never, wait::never>, .workers = 2, .may_fail = true},
    {.name = "new_policy", .call = &new_policy},
    {.name = "two_callers", .call = &loops<wait::first, wait::later>, .callers = 2},
    {.name = "two_callers_released",
     .call = &loops<wait::first, wait::first>,
     .callers = 2,
     .idle = pl::idle::release()},
    {.name = "two_workers_released",
     .call = &loops<wait::first, wait::first>,
     .workers = 2,
     .idle = pl::idle::release()},
    {.name = "apart", .call = &apart, .callers = 2, .workers = 2},
    {.name = "apart_later", .call = &apart_later, .callers = 2, .workers = 2},
    {.name = "apart_released", .call = &apart_later, .callers = 2, .workers = 2, .idle = pl::idle::release()},
    {.name = "together", .call = &together, .callers = 2, .workers = 2},
    {.name = "together_released", .call = &together, .callers = 2, .workers = 2, .idle = pl::idle::release()},
    {.name = "three", .call = &three, .workers = 3},
    {.name = "one_stays", .call = &one_stays, .callers = 2, .workers = 2, .idle = pl::idle::release()},
    {.name = "nested", .call = &nested, .nested = shared},
    {.name = "foreign", .call = &foreign, .callers = 2, .nested = shared},
    {.name = "both_again", .call = &both_again, .workers = 2, .idle = pl::idle::release(), .times = 3},
    {.name = "taken_over", .call = &taken_over, .callers = 2, .nested = shared},
    {.name = "launched", .call = &launched},
    {.name = "launched_two", .call = &launched, .callers = 2, .workers = 2},
    {.name = "launched_parked", .call = &begun_by_workers<false>},
    {.name = "launched_apart", .call = &begun_by_workers<false>, .callers = 2, .workers = 2},
    {.name = "launched_released", .call = &begun_by_workers<false>, .idle = pl::idle::release()},
    {.name = "launched_loop", .call = &begun_by_workers<true>},
    {.name = "burst", .call = &bursts<false>},
    {.name = "burst_released", .call = &bursts<false>, .idle = pl::idle::release()},
    {.name = "burst_two_callers", .call = &bursts<true>, .callers = 2, .workers = 2},
    {.name = "burst_adaptive", .call = &bursts<true>, .idle = pl::idle::adaptive()},
    {.name = "detached", .call = &detached<false>, .callers = 2, .workers = 0},
    {.name = "detached_released", .call = &detached<true>, .callers = 2, .idle = pl::idle::release()},
    {.name = "grows", .call = &grows},
    {.name = "gang", .call = &barriers<3>},
    {.name = "gang_adaptive", .call = &barriers<3>, .idle = pl::idle::adaptive()},
    {.name = "gang_released", .call = &barriers<2>, .callers = 2, .idle = pl::idle::release()},
    {.name = "gang_two_callers", .call = &barriers<2>, .callers = 2},
    {.name = "gang_bodies", .call = &bodies<3>},
    {.name = "gang_bodies_released", .call = &bodies<2>, .callers = 2, .idle = pl::idle::release()},
    {.name = "gang_loops", .call = &shared_loops},
    {.name = "gang_throws", .call = &thrower<false>},
    {.name = "gang_throws_in_loops", .call = &thrower<true>},
    {.name = "gang_leaver", .call = &leaver},
    {.name = "gang_lacking", .call = &lacking, .callers = 2, .may_fail = true},
    {.name = "gang_lacking_released", .call = &lacking, .callers = 2, .idle = pl::idle::release(), .may_fail = true},
    {.name = "foreign_park", .call = &foreign, .callers = 2, .workers = 2, .nested = shared},
};
const setting* now_checked = nullptr;

pl::idle_policy policy_of_gangs() { return now_checked->idle; }

constexpr int most_callers = 2;
struct scenario : rl::test_suite<scenario, most_callers> {
  static size_t const dynamic_thread_count = model::most_threads - most_callers;

  void before() {
    const setting& s = *now_checked;
    model::here.begin(static_cast<int>(dynamic_thread_count));
    model::here.may_fail = s.may_fail;
    pl::detail::inside::begin();
    model_gangs::begin();
    helpers.missing = 2;
    test_loop::only_worker = s.workers == 1 && s.idle.what != pl::idle_policy::kind::release &&
                             s.nested == pl::detail::nested_loops::in_their_caller;
    helpers.waiting = {};
    callers_left = std::make_unique<model::atomic<int>>(s.callers);
    t = std::make_unique<team>(s.workers, s.idle, s.workers + 1, s.nested);
  }
  void thread(unsigned number) {
    if (static_cast<int>(number) >= now_checked->callers) return;
    now_checked->call(*t, number);
    if (callers_left->fetch_sub(1, rl::mo_acq_rel) == 1) {
      t.reset();
      end_gangs();
      callers_left.reset();
    }
  }
  void after() {
    EXPECT(model::here.threads_ended == model::here.threads_made);
    EXPECT(now_checked->may_fail || model::here.threads_left > 0);  // else the model has too few
  }

  std::unique_ptr<team> t;
  std::unique_ptr<model::atomic<int>> callers_left;
};

/// Relacy's random scheduler, but for how long a thread runs: in every second execution it changes at each step, in the
/// others seldom. So races are found that need one thread to stand still while another does much.
template <rl::thread_id_t Threads>
class sticky_scheduler : public rl::scheduler<sticky_scheduler<Threads>, rl::scheduler_thread_info, Threads> {
  using base = rl::scheduler<sticky_scheduler<Threads>, rl::scheduler_thread_info, Threads>;

 public:
  struct task_t {};

  sticky_scheduler(rl::test_params& params, typename base::shared_context_t& context, rl::thread_id_t dynamic)
      : base(params, context, dynamic) {}

  rl::thread_id_t iteration_begin_impl() {
    constexpr unsigned steps[] = {1, 4, 1, 16, 1, 64};
    random_.seed(this->iter_);
    steps_ = steps[this->iter_ % std::size(steps)];
    rl::unpark_reason reason;
    return schedule_impl(reason, 0);
  }
  bool iteration_end_impl() { return this->iter_ == this->params_.iteration_count; }

  rl::thread_id_t schedule_impl(rl::unpark_reason& reason, unsigned yield) {
    const unsigned running = this->running_threads_count;
    if (const unsigned timed = this->timed_thread_count_; timed != 0) {
      if (const unsigned i = random_.rand() % (running != 0 ? 4 * steps_ * timed : timed); i < timed) {
        const rl::thread_id_t thread = this->timed_threads_[i]->index_;
        this->unpark_thread(thread);
        reason = rl::unpark_reason_timeout;
        return thread;
      }
    }
    reason = rl::unpark_reason_normal;
    if (yield == 0 && this->thread_ != nullptr && this->thread_->state_ == rl::thread_state_running &&
        random_.rand() % steps_ != 0) {
      return this->thread_->index_;
    }
    return this->running_threads[random_.rand() % running];
  }
  unsigned rand_impl(unsigned limit, rl::sched_type) { return random_.rand() % limit; }
  rl::iteration_t iteration_count_impl() { return this->params_.iteration_count; }
  void get_state_impl(std::ostream&) {}
  void set_state_impl(std::istream&) {}
  void on_thread_block(rl::thread_id_t, bool) {}
  void thread_finished_impl() {}
  void purge_blocked_threads_impl() {}

 private:
  rl::random_generator random_;
  unsigned steps_ = 1;
};

rl::test_result_e simulate(rl::test_params& params, rl::ostringstream& state) {
  return rl::run_test<scenario, sticky_scheduler<scenario::params::thread_count>>(params, state, false);
}

bool good(const setting& s, rl::iteration_t executions) {
  now_checked = &s;
  rl::test_params params;
  std::ofstream quiet("/dev/null");
  params.progress_stream = &quiet;
  params.output_stream = &std::cout;
  params.iteration_count = executions * s.times;
  params.execution_depth_limit = 20'000;
  rl::ostringstream state;
  const rl::test_result_e result = simulate(params, state);
  std::cout << s.name << ": " << rl::test_result_str(result) << ", " << params.stop_iteration << " executions\n";
  if (result != rl::test_result_success && std::getenv("PARLOOP_MODEL_TRACE") != nullptr) {
    params.initial_state = state.str();
    params.collect_history = true;
    simulate(params, state);
  }
  return result == rl::test_result_success;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string which = argc > 1 ? argv[1] : "all";
  const rl::iteration_t executions = argc > 2 ? static_cast<rl::iteration_t>(std::atof(argv[2])) : 1000;
  int wrong = 0;
  int checked = 0;
  for (const setting& s : settings) {
    if (which != "all" && which != s.name) continue;
    ++checked;
    if (!good(s, executions) && ++wrong > 0 && argc > 3) break;
  }
  return checked > 0 && wrong == 0 ? 0 : 1;
}
