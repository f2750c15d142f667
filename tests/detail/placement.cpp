// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Sleepers are moved from the CPU of who wakes them, one of two from any other, and can be anywhere again when awake.
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <parloop/detail/placement.hpp>
#include <parloop/parloop.hpp>
#include <thread>
#include <vector>

#include "../affinity.hpp"
#include "../catch.hpp"
#include "../conformance.hpp"
#include "../support.hpp"

namespace d = parloop::detail;

#if defined(__linux__)
namespace {
std::atomic<int> last_moved{0};
}

/// In place of the C library's: notes which other thread was moved last.
extern "C" int sched_setaffinity(pid_t thread, std::size_t size, const cpu_set_t* set) noexcept {
  if (thread != 0) last_moved = thread;
  return static_cast<int>(::syscall(SYS_sched_setaffinity, thread, size, set));
}

namespace {

/// A thread that lies down on a CPU, and gets up when told to.
class sleeper {
 public:
  sleeper(d::placement& places, int number, int cpu, const std::vector<int>& may_use)
      : thread_([this, &places, number, cpu, may_use] {
          test::bind(0, cpu);  // which moves it at once
          places.lie_down(number);
          test::bind(0, may_use);
          id_ = static_cast<int>(::syscall(SYS_gettid));
          id_.notify_one();
          up_.wait(false);
          places.get_up(number);
          after_ = test::usable_cpus();
        }) {
    id_.wait(0);
  }

  /// The CPUs that it may use while it lies.
  [[nodiscard]] std::vector<int> may_use() const { return test::usable_cpus(id_); }
  [[nodiscard]] int id() const { return id_; }

  /// The CPUs that it may use when it is up.
  std::vector<int> get_up() {
    up_ = true;
    up_.notify_one();
    thread_.join();
    return after_;
  }

 private:
  std::atomic<int> id_{0};
  std::atomic<bool> up_{false};
  std::vector<int> after_;
  std::thread thread_;
};

using cpus = std::vector<int>;

cpus all_but(cpus all, int cpu) {
  std::erase(all, cpu);
  return all;
}

/// The test's thread on the first CPU.
struct waker {
  waker() { REQUIRE(test::bind(0, all[0])); }

  const test::watchdog guard{60, "placement"};
  const cpus all = test::usable_cpus();
  const test::affinity_restored restored;
};

}  // namespace

TEST_CASE("who sleeps on the CPU of who wakes it is moved, and may use all again when it is up") {
  const waker here;
  const cpus& all = here.all;
  if (all.size() < 2) return;  // there is nowhere to go
  for (const int cpu : {all[0], all[1]}) {
    d::placement places(2);
    sleeper s(places, 1, cpu, all);
    CHECK(s.may_use() == all);
    places.spread();
    CHECK(s.may_use() == (cpu == all[0] ? all_but(all, all[0]) : all));
    places.spread();  // it is where it should be
    CHECK(s.may_use() == (cpu == all[0] ? all_but(all, all[0]) : all));
    CHECK(s.get_up() == all);
  }
}

TEST_CASE("of two who sleep on one CPU the second is moved, if a CPU is left") {
  const waker here;
  const cpus& all = here.all;
  if (all.size() < 2) return;
  d::placement places(2);
  sleeper first(places, 0, all[1], all);
  sleeper second(places, 1, all[1], all);
  places.spread();
  CHECK(first.may_use() == all);
  CHECK(second.may_use() == (all.size() == 2 ? all : all_but(all_but(all, all[0]), all[1])));
  CHECK(first.get_up() == all);
  CHECK(second.get_up() == all);
}

TEST_CASE("nobody is moved to a CPU where another sleeps") {
  const waker here;
  const cpus& all = here.all;
  if (all.size() < 2) return;
  d::placement places(2);
  sleeper beside(places, 0, all[0], all);
  sleeper there(places, 1, all[1], all);
  places.spread();
  CHECK(beside.may_use() == (all.size() == 2 ? all : all_but(all_but(all, all[0]), all[1])));
  CHECK(there.may_use() == all);
  CHECK(beside.get_up() == all);
  CHECK(there.get_up() == all);
}

TEST_CASE("who may use one CPU stays there") {
  const waker here;
  const cpus& all = here.all;
  d::placement places(1);
  sleeper s(places, 0, all[0], {all[0]});
  places.spread();
  CHECK(s.may_use() == cpus{all[0]});
  CHECK(s.get_up() == cpus{all[0]});
}

TEST_CASE("what somebody else has decided in between stays") {
  const waker here;
  const cpus& all = here.all;
  if (all.size() < 2) return;
  d::placement places(1);
  sleeper s(places, 0, all[0], all);
  places.spread();
  REQUIRE(test::bind(s.id(), all[0]));
  CHECK(s.get_up() == cpus{all[0]});
}

TEST_CASE("a loop moves the worker that it wakes") {
  const test::watchdog guard(60, "placement");
  const cpus all = test::usable_cpus();
  if (all.size() < 2) return;
  const test::affinity_restored restored;
  const std::vector<int> before = test::thread_ids();
  parloop::thread_pool pool({.threads = 2, .idle = parloop::idle::park()});
  conformance::eager eager(pool);
  std::atomic<int> worker{0};
  const int caller = static_cast<int>(::syscall(SYS_gettid));
  const auto loop_with_worker = [&] {
    worker = 0;
    parloop::parallel_for(eager, parloop::prange(2).grain(1), [&](parloop::index_t) {
      if (const int id = static_cast<int>(::syscall(SYS_gettid)); id != caller) worker = id;
      while (worker == 0) std::this_thread::yield();
    });
  };
  loop_with_worker();
  const int id = worker;
  REQUIRE(test::becomes_true([&] { return test::thread_sleeps(id); }));
  REQUIRE(test::bind(0, all[0]));
  REQUIRE(test::bind(id, all[0]));
  loop_with_worker();  // after which it falls asleep there
  REQUIRE(test::becomes_true([&] { return test::thread_sleeps(id); }));
  REQUIRE(test::bind(id, all));
  last_moved = 0;
  loop_with_worker();
  CHECK(last_moved == id);
}

TEST_CASE("sleepers get up while others move them") {
  const test::watchdog guard(120, "placement");
  const cpus all = test::usable_cpus();
  constexpr int sleepers = 3;
  d::placement places(sleepers);
  std::atomic<int> running{sleepers};
  std::atomic<int> spreads{0};  // begun
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int number = 0; number < sleepers; ++number) {
    threads.emplace_back([&, number] {
      for (std::int64_t round = test::rounds(1000); round > 0; --round) {
        places.lie_down(number);
        const int before = spreads;
        while (spreads == before) std::this_thread::yield();
        places.get_up(number);
        if (test::usable_cpus() != all) ++wrong;
      }
      --running;
    });
  }
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      while (running > 0) {
        ++spreads;
        places.spread();
      }
    });
  }
  for (std::thread& t : threads) t.join();
  CHECK(wrong == 0);
}
#endif
