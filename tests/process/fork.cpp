// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Forks, and loops in the child that get the right result. The arguments: which, and on which backend. What a fork can
/// find, and the test:
/// - other threads at any step: in loops, asleep, starting and leaving ("callers"; with workqueue, whose threads come
///   and go all the time); on the way to count forks (fork_at_first_team.cpp);
/// - its own thread in the first chunk, before it has asked for certain ("first"), in a later one, with workers inside
///   ("leave"), in a nested loop of its own with workers inside both ("nested"), in another's while it waits
///   ("helped"). These children return from the loops that they are in; those of "body" loop in the chunk, and end
///   there;
/// - a worker ("worker"), and a process that is such a child ("twice").
#include <sys/wait.h>

#include <array>
#include <memory>

#include "../backends.hpp"
#include "conformance.hpp"

namespace {

using parloop::index_t;

std::string backend_name;
std::unique_ptr<parloop::backend> make() { return parloop::make_backend(backend_name, {4, {}}); }

/// How many threads a loop may have. The thread sanitizer's allocator has locks that no fork waits for (clang 14 and
/// 19): one that is held by a thread that the child does not have stops the child's next allocation for ever. So under
/// that tool no loop here allocates, forks begin when the threads have started, and a child of workqueue's, whose
/// threads start and end all the time, loops alone.
int most = 8;

/// A loop that is shared, where the backend shares at all; false when an index did not run once.
bool loop_is_right(parloop::backend& b) {
  std::array<int, 64> runs{};
  conformance::eager cheap(b);
  parloop::parallel_for(cheap, parloop::prange(64).grain(1).threads(most), [&](index_t i) {
    test::busy_for(std::chrono::nanoseconds(500));
    ++runs[static_cast<std::size_t>(i)];
  });
  return std::count(runs.begin(), runs.end(), 1) == 64;
}

/// Loops. Under the thread sanitizer, until all threads that stay have started and sleep.
bool is_ready_to_fork(parloop::backend& pool) {
  if (!test::under_tsan || most == 1) return loop_is_right(pool);
  const auto all_of = [](parloop::backend& b) {
    const auto* own = dynamic_cast<parloop::detail::team_backend*>(&b);
    return test::becomes_true([&] { return loop_is_right(b) && (own == nullptr || own->workers() == b.width() - 1); });
  };
  return all_of(pool) && all_of(parloop::default_backend()) && test::becomes_true(test::other_threads_sleep);
}

/// Whether loops of a child, of which one has run, are parallel again, with threads of its own; true where they are not
/// meant to be.
bool is_parallel_again([[maybe_unused]] parloop::backend& b) {
  if (const auto* own = dynamic_cast<parloop::detail::team_backend*>(&b); own != nullptr) {
    return test::becomes_true([&] { return loop_is_right(b) && own->workers() > 0; });
  }
#if defined(TEST_OPENMP)
  if (parloop::detail::openmp_has_knob()) return test::thread_ids().size() > 1;
#endif
  return true;
}

/// Waits for `child`; true when it ended with exit code 0.
bool ended_well(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
  std::fprintf(stderr, "child: exited %d code %d signal %d\n", WIFEXITED(status), WEXITSTATUS(status),
               WTERMSIG(status));
  return false;
}

/// Forks; the child leaves with what `child()` returns, under a watchdog of its own (alarms are not inherited).
template <class Child>
bool forked(Child child) {
  const pid_t id = ::fork();
  if (id == 0) {
    const test::watchdog guard(30, "forked child");
    if (test::under_tsan && backend_name == "workqueue") most = 1;
    ::_exit(child() ? 0 : 1);
  }
  return id > 0 && ended_well(id);
}

bool while_others_loop(std::int64_t forks) {
  const auto owner = make();
  parloop::backend& pool = *owner;
  std::atomic<bool> stop{false};
  std::atomic<bool> good{true};
  if (!is_ready_to_fork(pool)) return false;
  std::atomic<int> started{0};
  std::vector<std::thread> callers;
  for (int k = 0; k < 4; ++k) {
    callers.emplace_back([&] {
      ++started;
      while (!stop) {
        if (!loop_is_right(pool)) good = false;
      }
    });
  }
  if (!test::becomes_true([&] { return started == 4; })) good = false;
  for (std::int64_t f = 0; f < forks && good; ++f) {
    const bool fine = forked(
        [&] { return loop_is_right(pool) && is_parallel_again(pool) && loop_is_right(parloop::default_backend()); });
    if (!fine) good = false;
  }
  stop = true;
  for (std::thread& t : callers) t.join();
  return good && loop_is_right(pool);
}

bool inside_a_body() {
  const auto owner = make();
  parloop::backend& pool = *owner;
  if (!is_ready_to_fork(pool)) return false;
  std::atomic<bool> good{true};
  for (int round = 0; round < 20; ++round) {
    conformance::eager cheap(pool);
    parloop::parallel_for(cheap, parloop::prange(8).grain(1), [&](index_t i) {
      test::busy_for(std::chrono::microseconds(20));
      // By whoever runs this body, caller or worker.
      if (i % 3 == 0 && !forked([&] { return loop_is_right(pool); })) good = false;
    });
  }
  return good && loop_is_right(pool);
}

bool from_a_worker() {
  const auto owner = make();
  parloop::backend& pool = *owner;
  if (!is_ready_to_fork(pool)) return false;
  conformance::eager cheap(pool);
  const auto caller = std::this_thread::get_id();
  std::atomic<int> forks{0};
  std::atomic<bool> good{true};
  return test::becomes_true([&] {
           parloop::parallel_for(cheap, parloop::prange(64).grain(1), [&](index_t) {
             test::busy_for(std::chrono::microseconds(20));
             if (std::this_thread::get_id() == caller || forks.fetch_add(1) >= 5) return;
             if (!forked([&] { return loop_is_right(pool) && loop_is_right(parloop::default_backend()); }))
               good = false;
           });
           return forks >= 5;
         }) &&
         good;
}

/// A child that returns from the loop in which it was forked: the iterations that others had taken are lost to it, but
/// it does not hang.
bool child_leaves_the_loop() {
  const auto owner = make();
  parloop::backend& pool = *owner;
  if (!is_ready_to_fork(pool)) return false;
  const auto caller = std::this_thread::get_id();
  const pid_t parent = ::getpid();
  for (int round = 0; round < 10; ++round) {
    std::atomic<pid_t> child{-1};
    conformance::eager cheap(pool);
    parloop::parallel_for(cheap, parloop::prange(64).grain(1), [&](index_t) {
      test::busy_for(std::chrono::microseconds(20));
      pid_t none = -1;
      if (std::this_thread::get_id() == caller && child.compare_exchange_strong(none, 0)) {
        const pid_t id = ::fork();
        if (id == 0) ::alarm(30);
        child = id;
      }
    });
    if (::getpid() != parent) ::_exit(loop_is_right(pool) ? 0 : 1);
    if (child > 0 && !ended_well(child)) return false;
  }
  return true;
}

/// A loop of n iterations, each a chunk.
template <class Body>
void run_each(parloop::backend& b, index_t n, Body& body) {
  parloop::loop work;
  work.n = n;
  work.chunk = {[](void* p, index_t begin, index_t) noexcept { (*static_cast<Body*>(p))(begin); }, &body};
  b.run(work);
}

/// A child that is forked in the caller's first chunk, before all threads have been asked for: it asks for none, as its
/// loop waits for nobody.
bool child_leaves_the_first_chunk() {
  if (test::under_tsan) return true;  // threads are starting
  const pid_t parent = ::getpid();
  for (int round = 0; round < 20; ++round) {
    parloop::thread_pool pool({8});
    const auto caller = std::this_thread::get_id();
    pid_t child = -1;
    auto body = [&](index_t begin) {
      if (begin == 0 && std::this_thread::get_id() == caller) child = ::fork();
    };
    parloop::loop work;
    work.n = 1 << 20;
    work.iteration = parloop::fractional_nanoseconds(20);  // the first chunk is short
    work.chunk = {
        [](void* p, index_t begin, index_t) noexcept { (*static_cast<decltype(body)*>(p))(begin); }, &body};
    pool.run(work);
    if (::getpid() != parent) ::_exit(test::thread_ids().size() == 1 ? 0 : 1);
    if (child < 0 || !ended_well(child)) return false;
  }
  return true;
}

/// A child that is forked in a nested loop that its thread only helps with, while it waits for the worker that calls
/// it: the child does not wait for that worker.
bool child_leaves_a_helped_loop() {
  parloop::work_stealing pool({2});
  const auto caller = std::this_thread::get_id();
  const pid_t parent = ::getpid();
  std::atomic<bool> worker_came{false};
  std::atomic<pid_t> child{0};
  auto inner = [&](index_t) {
    if (std::this_thread::get_id() != caller) {
      if (!test::becomes_true([&] { return child != 0; })) child = -1;
      return;
    }
    const pid_t id = ::fork();
    if (id == 0) ::alarm(30);
    child = id;
  };
  auto outer = [&](index_t) {
    if (std::this_thread::get_id() == caller) {
      if (!test::becomes_true([&] { return worker_came.load(); })) child = -1;
    } else {
      worker_came = true;
      run_each(pool, 2, inner);
    }
  };
  run_each(pool, 2, outer);
  if (::getpid() != parent) ::_exit(child == 0 && loop_is_right(pool) ? 0 : 1);
  return child > 0 && ended_well(child) && loop_is_right(pool);
}

/// A child that is forked in a nested loop of its own, with a worker inside that one and another inside the outer one.
bool child_leaves_a_nested_loop() {
  parloop::work_stealing pool({3});
  const auto caller = std::this_thread::get_id();
  const pid_t parent = ::getpid();
  std::atomic<int> workers_came{0};
  std::atomic<pid_t> child{0};
  const auto stay = [&] {
    ++workers_came;
    if (!test::becomes_true([&] { return child != 0; })) child = -1;
  };
  auto inner = [&](index_t) {
    if (std::this_thread::get_id() != caller) return stay();
    if (!test::becomes_true([&] { return workers_came == 2; })) child = -1;
    if (child != 0) return;
    const pid_t id = ::fork();
    if (id == 0) ::alarm(30);
    child = id;
  };
  auto outer = [&](index_t) {
    if (std::this_thread::get_id() != caller) return stay();
    if (!test::becomes_true([&] { return workers_came == 1; })) child = -1;
    run_each(pool, 2, inner);
  };
  run_each(pool, 2, outer);
  if (::getpid() != parent) ::_exit(child == 0 && loop_is_right(pool) ? 0 : 1);
  return child > 0 && ended_well(child) && loop_is_right(pool);
}

bool twice() {
  const auto owner = make();
  parloop::backend& pool = *owner;
  if (!is_ready_to_fork(pool)) return false;
  for (int round = 0; round < 20; ++round) {
    const bool fine = forked([&] {
      if (!loop_is_right(pool) || !is_parallel_again(pool) || !is_ready_to_fork(pool)) return false;
      const pid_t id = ::fork();
      if (id == 0) ::_exit(loop_is_right(pool) && loop_is_right(parloop::default_backend()) ? 0 : 1);
      return ended_well(id) && loop_is_right(pool);
    });
    if (!fine) return false;
  }
  return loop_is_right(pool);
}

}  // namespace

int main(int argc, char** argv) {
  const test::watchdog guard(250, "fork");
  const std::string what = argc > 1 ? argv[1] : "";
  backend_name = argc > 2 ? argv[2] : "thread_pool";
  bool good = false;
  if (what == "callers") good = while_others_loop(test::rounds(500));
  if (what == "body") good = inside_a_body();
  if (what == "worker") good = from_a_worker();
  if (what == "leave") good = child_leaves_the_loop();
  if (what == "first") good = child_leaves_the_first_chunk();
  if (what == "nested") good = child_leaves_a_nested_loop();
  if (what == "helped") good = child_leaves_a_helped_loop();
  if (what == "twice") good = twice();
  std::puts(good ? "good" : "FAILED");
  return good ? 0 : 1;
}
