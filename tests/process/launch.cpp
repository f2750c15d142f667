// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Launched work, bursts and the whole process: threads that cannot be made, forks, exits. The argument: which.

#include <atomic>
#include <memory>
#include <parloop/parloop.hpp>
#include <string>
#include <thread>
#include <vector>

#include "failing_threads.hpp"

namespace {

namespace pl = parloop;

/// Functions, a loop, a group and what is detached, in a burst: each runs once.
bool work_is_done(pl::backend& b) {
  const pl::keep_awake burst(b, std::chrono::milliseconds(1));
  auto number = pl::launch(b, [] { return 3; });
  std::vector<int> runs(1000, 0);
  auto loop = pl::launch(b, pl::prange(1000), [&](pl::index_t i) { ++runs[static_cast<std::size_t>(i)]; });
  std::atomic<int> tasks{0};
  pl::task_group group(b);
  for (int i = 0; i < 50; ++i) group.run([&] { tasks.fetch_add(1); });
  const auto detached = std::make_shared<std::atomic<int>>(0);
  for (int i = 0; i < 50; ++i) pl::launch_detached(b, [detached] { detached->fetch_add(1); });
  group.wait();
  loop.wait();
  return number.wait() == 3 && tasks == 50 && std::count(runs.begin(), runs.end(), 1) == 1000 &&
         test::becomes_true([&] { return *detached == 50; });
}

/// Whether a worker of `b` runs what is launched, while its caller does not.
bool workers_come(pl::backend& b) {
  return test::becomes_true([&] {
    auto work = pl::launch(b, [] {});
    test::let_pass(std::chrono::milliseconds(2));
    return work.done();
  });
}

/// pthread_create fails from the k-th call on; for a second after that none is made.
int failure() {
  for (int k = 0; k < 3; ++k) {
    pl::thread_pool pool({5, {}});
    test::thread_calls = 0;
    test::first_failure = k;
    for (int round = 0; round < 20 || test::thread_calls <= k; ++round) {  // until it has failed
      if (!work_is_done(pool)) return 1;
    }
    if (!test::becomes_true([&] { return pool.workers() <= k; })) return 1;  // who is about to try is counted
    test::first_failure = test::never;
    if (!work_is_done(pool) || !workers_come(pool)) return 1;
  }
  return 0;
}

/// For real, in a control group that allows no more tasks than there are.
int pids() {
  std::thread([] {}).join();  // a sanitizer has started its own thread by then, too
  pl::thread_pool pool({4, {}});
  const test::pids_group group(0);
  if (!group.entered()) return 77;
  return work_is_done(pool) && pool.workers() == 0 ? 0 : 1;
}

/// Children launch work of their own: forked while other threads launch, wait and begin bursts, so that the queue may
/// be locked or half changed; inside a task; and in the thread of a worker.
int forks() {
  pl::thread_pool pool({3, {}});
  std::atomic<bool> stop{false};
  std::atomic<bool> good{true};
  std::vector<std::thread> others;
  for (int k = 0; k < 2; ++k) {
    others.emplace_back([&] {
      while (!stop) {
        if (!work_is_done(pool)) good = false;
      }
    });
  }
  for (int round = 0; round < 50 && good; ++round) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(work_is_done(pool) ? 0 : 1);
    if (!test::child_ends_well(child)) good = false;
  }
  stop = true;
  for (std::thread& t : others) t.join();
  for (int round = 0; round < 20 && good; ++round) {
    auto forks = pl::launch(pool, [&] {
      const pid_t child = ::fork();
      if (child == 0) ::_exit(work_is_done(pool) ? 0 : 1);
      return test::child_ends_well(child);
    });
    if (round % 2 == 0) test::let_pass(std::chrono::milliseconds(1));  // a worker begins, or who waits
    if (!forks.wait()) good = false;
  }
  // A group goes on in the child, without what the parent runs, and handles tell what has become of their work.
  for (int round = 0; round < 20 && good; ++round) {
    pl::task_group group(pool);
    std::atomic<int> ran{0};
    for (int i = 0; i < 5; ++i) group.run([&] { ran.fetch_add(1); });
    auto work = pl::launch(pool, [] { return 7; });
    const pid_t child = ::fork();
    if (child == 0) {
      ran = 0;
      bool known = true;
      group.run([&] { ran.fetch_add(100); });
      group.wait();
      try {
        known = work.wait() == 7;
      } catch (const std::logic_error&) {  // it had begun
      }
      ::_exit(ran >= 100 && known ? 0 : 1);
    }
    if (!test::child_ends_well(child) || work.wait() != 7) good = false;
    group.wait();
    if (ran != 5) good = false;
  }
  return good ? 0 : 1;
}

struct at_end {
  ~at_end() {
    if (!work_is_done(pl::default_backend())) ::_exit(1);
  }
};

/// Work that is launched after main has ended, on the default backend, and when a thread ends.
int at_exit() {
  static const at_end before;  // destroyed after the library's own
  if (!work_is_done(pl::default_backend())) return 1;
  static const at_end after;
  std::atexit([] {
    if (!work_is_done(pl::default_backend())) ::_exit(1);
  });
  std::thread([] { static thread_local const at_end of_thread; }).join();
  (void)before;
  (void)after;
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const test::watchdog guard(150, "launched work in a process");
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "failure") return failure();
  if (what == "pids") return pids();
  if (what == "forks") return forks();
  if (what == "exit") return at_exit();
  return 1;
}
