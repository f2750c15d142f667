// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Environment variables as a program meets them: good values are obeyed; each bad one is ignored with exactly one line
/// on stderr, with PARLOOP_TEST_RACE also when eight threads run the first loop at once. Runs itself with each value.
#include <fcntl.h>
#include <sys/wait.h>

#include <parloop/parloop.hpp>

#include "conformance.hpp"

namespace {

using parloop::index_t;

struct answer {
  std::string out;
  int lines_on_stderr = 0;
  bool ended_well = false;
};

/// What the child prints: the default backend after a first loop by eight threads at once.
int child() {
  ::alarm(60);
  std::atomic<int> runs{0};
  const int threads = std::getenv("PARLOOP_TEST_RACE") != nullptr ? 8 : 1;
  conformance::on_threads(threads, [&](int) {
    parloop::parallel_for(parloop::default_backend(), parloop::prange(64), [&](index_t) { ++runs; });
  });
  if (runs != threads * 64) return 1;
  parloop::backend& b = parloop::default_backend();
  std::printf("%s", std::string(b.name()).c_str());
  if (const auto* pool = dynamic_cast<parloop::thread_pool*>(&b); pool != nullptr) {
    std::printf(" %d %d %lld", pool->width(), static_cast<int>(pool->idle().what),
                static_cast<long long>(pool->idle().time.count()));
  }
  return 0;
}

std::string read_all(int from) {
  std::string text;
  char buffer[4096];
  ssize_t size = 0;
  while ((size = ::read(from, buffer, sizeof buffer)) > 0) text.append(buffer, static_cast<std::size_t>(size));
  return text;
}

answer with(const char* variable, const char* value) {
  int out[2];
  int err[2];
  if (::pipe(out) != 0 || ::pipe(err) != 0) std::abort();
  const pid_t id = ::fork();
  if (id == 0) {
    ::dup2(out[1], 1);
    ::dup2(err[1], 2);
    for (const int fd : {out[0], out[1], err[0], err[1]}) ::close(fd);
    ::setenv("PARLOOP_TEST_CHILD", "1", 1);
    if (variable != nullptr) ::setenv(variable, value, 1);
    ::execl("/proc/self/exe", "environment", static_cast<char*>(nullptr));
    ::_exit(127);
  }
  ::close(out[1]);
  ::close(err[1]);
  answer a;
  a.out = read_all(out[0]);  // both are short enough for the pipes
  const std::string errors = read_all(err[0]);
  a.lines_on_stderr = static_cast<int>(std::count(errors.begin(), errors.end(), '\n'));
  ::close(out[0]);
  ::close(err[0]);
  int status = 0;
  ::waitpid(id, &status, 0);
  a.ended_well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  return a;
}

}  // namespace

int main() {
  if (std::getenv("PARLOOP_TEST_CHILD") != nullptr) return child();
  const test::watchdog guard(120, "environment");
  for (const char* name : {"PARLOOP_BACKEND", "PARLOOP_NUM_THREADS", "PARLOOP_IDLE"}) ::unsetenv(name);
  int failures = 0;
  const auto expect = [&failures](const char* variable, const std::string& value, const std::string& out, int lines) {
    const answer a = with(variable, value.c_str());
    if (a.ended_well && a.out == out && a.lines_on_stderr == lines) return;
    ++failures;
    std::fprintf(stderr, "%s='%s': '%s' instead of '%s', %d lines on stderr instead of %d%s\n", variable,
                 value.substr(0, 60).c_str(), a.out.c_str(), out.c_str(), a.lines_on_stderr, lines,
                 a.ended_well ? "" : ", ended badly");
  };
  const std::string usual = with(nullptr, nullptr).out;
  const std::string width = std::to_string(parloop::detail::cpu_count().usable);
  if (usual.rfind("thread_pool " + width + " ", 0) != 0) return std::printf("default: %s\n", usual.c_str()), 1;

  expect("PARLOOP_BACKEND", "serial", "serial", 0);
  expect("PARLOOP_BACKEND", "thread_pool", usual, 0);
  expect("PARLOOP_BACKEND", "workqueue", "workqueue", 0);
  for (const char* optional : {"openmp", "tbb"}) expect("PARLOOP_BACKEND", optional, usual, 1);  // not in this program
  expect("PARLOOP_NUM_THREADS", "3", "thread_pool 3" + usual.substr(12 + width.size()), 0);
  expect("PARLOOP_NUM_THREADS", "1", "thread_pool 1" + usual.substr(12 + width.size()), 0);
  expect("PARLOOP_IDLE", "spin", "thread_pool " + width + " 0 0", 0);
  expect("PARLOOP_IDLE", "park", "thread_pool " + width + " 2 0", 0);
  expect("PARLOOP_IDLE", "release:7ms", "thread_pool " + width + " 3 7000000", 0);
  expect("PARLOOP_IDLE", "adaptive:50us", "thread_pool " + width + " 1 50000", 0);

  const std::string bad[] = {"",
                             " ",
                             "abc",
                             "-1",
                             "0",
                             "1000000000",
                             "0x4",
                             "4,2",
                             "4 ",
                             "4%s%n",
                             "\xff\xfe",
                             "f\xc3\xbcnf",
                             "1\n2",
                             "\x1b[31m",
                             "99999999999999999999",
                             std::string(4096, 'x')};
  for (const char* variable : {"PARLOOP_BACKEND", "PARLOOP_NUM_THREADS", "PARLOOP_IDLE"}) {
    for (const std::string& value : bad) expect(variable, value, usual, 1);
  }
  std::printf("%d failures\n", failures);
  return failures == 0 ? 0 : 1;
}
