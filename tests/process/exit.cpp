// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The end of a process, and its beginning: loops in static constructors and destructors, atexit handlers and
/// thread_local destructors; exit while another thread loops. Runs itself many times; each run has to end well and
/// soon. The arguments: which, and on which backend.
#include <sys/wait.h>

#include <parloop/parloop.hpp>

#include "conformance.hpp"

namespace {

using parloop::index_t;

void loop_or_die() {
  for (int round = 0; round < 5; ++round) {
    std::atomic<int> runs{0};
    conformance::eager cheap(parloop::default_backend());
    parloop::parallel_for(cheap, parloop::prange(64).grain(1), [&](index_t) {
      test::busy_for(std::chrono::nanoseconds(300));
      ++runs;
    });
    if (runs != 64) ::abort();
  }
}

struct looper {
  looper() { loop_or_die(); }
  looper(const looper&) = delete;
  looper& operator=(const looper&) = delete;
  ~looper() { loop_or_die(); }
};

looper& of_static_duration() {
  static looper object;
  return object;
}

/// Before main, when it is asked for; destroyed after main.
struct at_start {
  at_start() {
    if (const char* what = std::getenv("PARLOOP_TEST_MODE"); what != nullptr && std::string(what) == "static") {
      of_static_duration();
    }
  }
} const started;

void exit_while_looping() {
  static std::atomic<int> running{0};
  for (int k = 0; k < 2; ++k) {
    std::thread([] {
      while (true) {
        loop_or_die();
        running = 1;
      }
    }).detach();
  }
  while (running == 0) std::this_thread::yield();
  std::exit(0);
}

int run_mode(const std::string& what) {
  ::alarm(60);
  if (what == "static") return 0;
  if (what == "atexit") {
    std::atexit([] { loop_or_die(); });
    loop_or_die();
    return 0;
  }
  if (what == "thread_local") {
    static thread_local looper here;
    (void)&here;
    std::thread([] {
      static thread_local looper there;
      (void)&there;
    }).join();
    return 0;
  }
  if (what == "exit") exit_while_looping();
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (const char* mode = std::getenv("PARLOOP_TEST_MODE"); mode != nullptr) return run_mode(mode);
  if (argc < 2) return 1;
  const test::watchdog guard(200, "exit");
  ::setenv("PARLOOP_TEST_MODE", argv[1], 1);
  if (argc > 2) ::setenv("PARLOOP_BACKEND", argv[2], 1);
  ::setenv("PARLOOP_NUM_THREADS", "4", 1);
  const std::int64_t runs = test::rounds(200);
  for (std::int64_t r = 0; r < runs; ++r) {
    const pid_t id = ::fork();
    if (id == 0) {
      ::execl("/proc/self/exe", argv[0], static_cast<char*>(nullptr));
      ::_exit(127);
    }
    int status = 0;
    ::waitpid(id, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
      std::fprintf(stderr, "run %lld of %s: code %d, signal %d\n", static_cast<long long>(r), argv[1],
                   WIFEXITED(status) ? WEXITSTATUS(status) : -1, WIFSIGNALED(status) ? WTERMSIG(status) : 0);
      return 1;
    }
  }
  return 0;
}
