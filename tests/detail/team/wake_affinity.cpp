// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Misplaced wake-ups are found out and then steered, on systems that are played; on this one, sleepers are steered and
/// can be anywhere again when they are awake.
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <parloop/detail/team/wake_affinity.hpp>
#include <parloop/parloop.hpp>
#include <thread>
#include <vector>

#include "../../affinity.hpp"
#include "../../catch.hpp"
#include "../../conformance.hpp"
#include "../../played_affinity.hpp"
#include "../../support.hpp"

namespace d = parloop::detail;

#if defined(__linux__)
namespace {

using test::cpus;
using test::list_of;
using test::played;
using test::set_of;

/// Where a kernel puts a woken thread.
enum class kernel { where_it_slept, at_its_waker, on_an_idle_cpu };

/// One caller, thread 1, and workers, threads 10, 11, ...
class machine {
 public:
  machine(kernel k, int cpus_, int workers) : places(workers), kernel_(k) {
    played::misplaced.store(0, d::memory_order_relaxed);
    played::cpu.clear();
    played::may_use.clear();
    played::calls = 0;
    for (int c = 0; c < cpus_; ++c) all.push_back(c);
    played::may_use[caller] = all;
    for (int w = 0; w < workers; ++w) {
      played::may_use[worker(w)] = all;
      played::cpu[worker(w)] = (w + 1) % cpus_;
      as(caller);
      played::cpu[caller] = w % cpus_;
      places.before_start(w);
      as(worker(w));
      places.begin(w);
    }
    played::calls = 0;
    played::misplaced.store(0, d::memory_order_relaxed);
  }

  cpus all;
  d::basic_wake_affinity<played> places;

  static constexpr int caller = 1;
  static int worker(int number) { return 10 + number; }
  static void as(int thread) { played::thread = thread; }

  void sleep(int number, int on_cpu) {
    as(worker(number));
    played::cpu[worker(number)] = on_cpu;
    places.before_sleep(number);
    asleep_.push_back(number);
  }

  /// The caller wakes the first `count` of those that sleep; how many of them run on no CPU of another thread.
  int wake(int count, int from_cpu) {
    as(caller);
    played::cpu[caller] = from_cpu;
    places.before_wake(count);
    std::vector<int> taken{from_cpu};
    int good = 0;
    for (; count > 0; --count) {
      const int number = asleep_.front();
      asleep_.erase(asleep_.begin());
      const int t = worker(number);
      const int target = choose(played::may_use[t], played::cpu[t], from_cpu, taken);
      if (std::find(taken.begin(), taken.end(), target) == taken.end()) ++good;
      taken.push_back(target);
      played::cpu[t] = target;
      as(t);
      places.after_wakeup(number);
      CHECK(played::may_use[t] == all);
    }
    return good;
  }

 private:
  [[nodiscard]] int choose(const cpus& allowed, int slept, int waker, const cpus& taken) const {
    const auto usable = [&](int cpu) { return std::find(allowed.begin(), allowed.end(), cpu) != allowed.end(); };
    if (kernel_ == kernel::on_an_idle_cpu) {
      for (const int cpu : allowed) {
        if (std::find(taken.begin(), taken.end(), cpu) == taken.end()) return cpu;
      }
    }
    if (kernel_ == kernel::at_its_waker && usable(waker)) return waker;
    return usable(slept) ? slept : allowed[0];
  }

  kernel kernel_;
  std::vector<int> asleep_;
};

}  // namespace

TEST_CASE("where woken threads are put on idle CPUs, the system is asked nothing") {
  machine m(kernel::on_an_idle_cpu, 4, 3);
  for (int round = 0; round < 100; ++round) {
    for (int w = 0; w < 3; ++w) m.sleep(w, (w + round) % 4);
    CHECK(m.wake(3, round % 4) == 3);
  }
  CHECK(played::calls == 0);
  CHECK_FALSE(m.places.steers());
}

TEST_CASE("where woken threads are put at their waker, they are steered after the first two") {
  machine m(kernel::at_its_waker, 2, 1);
  int good = 0;
  for (int round = 0; round < 100; ++round) {
    m.sleep(0, 0);
    good += m.wake(1, 1);
  }
  CHECK(good == 98);
  CHECK(m.places.steers());
}

TEST_CASE("where threads wake where they slept, they are steered when the waker has come there") {
  machine m(kernel::where_it_slept, 2, 1);
  for (int round = 0; round < 10; ++round) {
    m.sleep(0, 0);
    CHECK(m.wake(1, 1) == 1);
  }
  CHECK(played::calls == 0);  // it has been where it should be
  int good = 0;
  for (int round = 0; round < 100; ++round) {
    m.sleep(0, 1);
    good += m.wake(1, 1);
  }
  CHECK(good == 98);
}

TEST_CASE("two that slept on one CPU are steered apart, and from their waker") {
  for (const kernel k : {kernel::where_it_slept, kernel::at_its_waker}) {
    machine m(k, 4, 2);
    int good = 0;
    for (int round = 0; round < 100; ++round) {
      m.sleep(0, 2);
      m.sleep(1, 2);
      good += m.wake(2, 0);
    }
    CHECK(good >= 2 * 98);
  }
}

TEST_CASE("only those who are about to be woken are steered") {
  machine m(kernel::at_its_waker, 4, 3);
  for (int round = 0; round < 2; ++round) {
    m.sleep(0, 1);
    m.wake(1, 0);
  }
  REQUIRE(m.places.steers());
  for (int w : {2, 0, 1}) m.sleep(w, 1);
  played::calls = 0;
  CHECK(m.wake(1, 0) == 1);   // worker 2, which sleeps longest
  CHECK(played::calls == 4);  // two by the waker, two by the worker
  CHECK(m.wake(2, 0) == 2);
}

TEST_CASE("a worker that may use one CPU is not steered") {
  machine m(kernel::at_its_waker, 1, 1);
  for (int round = 0; round < 10; ++round) {
    m.sleep(0, 0);
    m.wake(1, 0);
  }
  CHECK_FALSE(m.places.steers());
}

TEST_CASE("what somebody else has decided about a sleeper stays") {
  machine m(kernel::at_its_waker, 2, 1);
  for (int round = 0; round < 2; ++round) {
    m.sleep(0, 0);
    m.wake(1, 1);
  }
  m.sleep(0, 0);
  m.as(m.caller);
  m.places.before_wake(1);
  REQUIRE(played::may_use[m.worker(0)] == cpus{0});
  played::may_use[m.worker(0)] = {1};
  m.as(m.worker(0));
  m.places.after_wakeup(0);
  CHECK(played::may_use[m.worker(0)] == cpus{1});
}

TEST_CASE("new threads that begin at their starter are steered after the first two") {
  machine m(kernel::at_its_waker, 2, 1);
  int good = 0;
  const int t = m.worker(0);
  for (int round = 0; round < 100; ++round) {
    m.as(m.caller);
    played::cpu[m.caller] = 1;
    m.places.before_start(0);
    played::may_use[t] = m.all;
    played::handle started{t};
    m.places.after_start(0, started);
    played::cpu[t] = played::may_use[t] == m.all ? 1 : played::may_use[t][0];
    if (played::cpu[t] != 1) ++good;
    m.as(t);
    m.places.begin(0);
    CHECK(played::may_use[t] == m.all);
  }
  CHECK(good == 98);
  m.as(m.caller);
  m.places.before_start(0);
  m.places.not_started(0);
  m.as(t);
  m.places.begin(0);  // does not wait
}

TEST_CASE("one who is awake goes to a CPU that the team does not use, and may use all afterwards") {
  machine m(kernel::where_it_slept, 3, 2);  // the workers are on 1 and 2
  machine::as(machine::worker(0));
  played::cpu[machine::worker(0)] = 0;
  m.sleep(0, 0);
  m.places.after_sleep(0);
  m.places.step_aside(0);
  CHECK(played::cpu[machine::worker(0)] == 1);
  CHECK(played::may_use[machine::worker(0)] == m.all);
  const int calls = played::calls;
  m.places.step_aside(0);  // so soon that it stays
  CHECK(played::calls == calls);
}

TEST_CASE("one who is awake stays where it is when the team uses all CPUs that it may") {
  machine m(kernel::where_it_slept, 2, 2);  // on 1 and 0
  machine::as(machine::worker(0));
  m.places.step_aside(0);
  CHECK(played::cpu[machine::worker(0)] == 1);
  CHECK(played::may_use[machine::worker(0)] == m.all);
}

TEST_CASE("sleepers get up while others steer them, and may use all CPUs afterwards") {
  const test::watchdog guard(120, "wake_affinity");
  const cpus all = test::usable_cpus();
  constexpr int sleepers = 3;
  d::wake_affinity places(sleepers);
  places.steer_always();
  std::atomic<int> running{sleepers};
  std::atomic<int> wakes{0};  // begun
  std::atomic<int> wrong{0};
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  std::vector<std::thread> threads;
  for (int number = 0; number < sleepers; ++number) {
    threads.emplace_back([&, number] {
      places.begin(number);
      while (std::chrono::steady_clock::now() < end) {
        places.before_sleep(number);
        const int before = wakes;
        while (wakes == before) std::this_thread::yield();
        places.after_wakeup(number);
        if (test::usable_cpus() != all) ++wrong;
      }
      --running;
    });
  }
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      while (running > 0) {
        ++wakes;
        places.before_wake(2);
      }
    });
  }
  for (std::thread& t : threads) t.join();
  CHECK(wrong == 0);
}
#endif
