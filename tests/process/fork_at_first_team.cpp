// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A fork while another thread is about to register the counting of forks, for a team of its own: it is counted for the
/// team that exists already.
#include <pthread.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <parloop/backend/thread_pool.hpp>
#include <thread>

#include "../support.hpp"

namespace {
std::atomic<bool> first_arrived{false};
std::atomic<bool> first_may_go_on{false};
}  // namespace

extern "C" int __real_pthread_atfork(void (*)(), void (*)(), void (*)());
extern "C" int __wrap_pthread_atfork(void (*before)(), void (*in_parent)(), void (*in_child)());
extern "C" int __wrap_pthread_atfork(void (*before)(), void (*in_parent)(), void (*in_child)()) {
  if (!first_arrived.exchange(true) && !test::becomes_true([] { return first_may_go_on.load(); })) std::abort();
  return __real_pthread_atfork(before, in_parent, in_child);
}

namespace {

using parloop::index_t;

/// Runs four iterations, each a chunk; false when one did not run once.
bool loop_is_right(parloop::backend& b) {
  std::array<int, 4> runs{};
  parloop::loop work;
  work.n = 4;
  work.chunk = {[](void* p, index_t i, index_t) noexcept { ++static_cast<int*>(p)[i]; }, runs.data()};
  b.run(work);
  return std::count(runs.begin(), runs.end(), 1) == 4;
}

}  // namespace

int main() {
  const test::watchdog guard(100, "fork at the first team");
  bool other_good = false;
  std::thread other([&] {
    parloop::thread_pool pool({4, parloop::idle::park()});
    other_good = loop_is_right(pool);
  });
  bool good = test::becomes_true([] { return first_arrived.load(); });
  {
    parloop::thread_pool pool({4, parloop::idle::park()});
    good = test::becomes_true([&] { return loop_is_right(pool) && pool.workers() == 3; }) && good;
    const pid_t child = ::fork();
    if (child == 0) {
      ::alarm(30);
      ::_exit(pool.workers() == 0 && loop_is_right(pool) ? 0 : 1);  // the parent's workers are not this process's
    }
    int status = -1;
    good = ::waitpid(child, &status, 0) == child && status == 0 && good;
  }
  first_may_go_on = true;
  other.join();
  std::puts(good && other_good ? "good" : "FAILED");
  return good && other_good ? 0 : 1;
}
