// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Threads that cannot be made: pthread_create fails from the k-th call on, or at the k-th only. Every loop completes.
/// The arguments: on which backend; "pids": for real, in a control group that allows few tasks.

#include <parloop/parloop.hpp>

#include "conformance.hpp"
#include "failing_threads.hpp"

namespace {

using parloop::index_t;

bool loops_are_right(parloop::backend& b) {
  conformance::eager cheap(b);
  for (int round = 0; round < 10; ++round) {
    std::vector<int> runs(64, 0);
    parloop::parallel_for(cheap, parloop::prange(64).grain(1), [&](index_t i) {
      test::busy_for(std::chrono::microseconds(2));
      ++runs[static_cast<std::size_t>(i)];
    });
    if (std::count(runs.begin(), runs.end(), 1) != 64) return false;
  }
  return true;
}

/// What is written to stderr while it lives. It comes out at the end.
class captured_stderr {
 public:
  captured_stderr() : file_(std::tmpfile()), before_(::dup(2)) { ::dup2(::fileno(file_), 2); }
  captured_stderr(const captured_stderr&) = delete;
  captured_stderr& operator=(const captured_stderr&) = delete;
  ~captured_stderr() {
    ::dup2(before_, 2);
    ::close(before_);
    std::fputs(text().c_str(), stderr);
    std::fclose(file_);
  }
  [[nodiscard]] std::string text() const {
    std::string all(1 << 16, '\0');
    const auto length = ::pread(::fileno(file_), all.data(), all.size(), 0);
    all.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
    return all;
  }

 private:
  std::FILE* file_;
  int before_;
};

int times(const std::string& text, const std::string& part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

/// Each reason was told once, however many threads and backends failed.
bool told_once_each(const std::string& text) {
  for (const int error : {EAGAIN, ENOMEM, EPERM}) {
    const std::string line = std::string("parloop: cannot start more threads (") + std::strerror(error) + ")";
    if (times(text, line) != 1) {
      std::printf("told %d times: %s\n", times(text, line), line.c_str());
      return false;
    }
  }
  return times(text, "cannot start") == 3;
}

/// Worker threads that a backend has; those of `workqueue` are gone when a loop is over.
int workers_of(const parloop::backend& b) {
  const auto* team = dynamic_cast<const parloop::detail::team_backend*>(&b);
  return team != nullptr ? team->workers() : 0;
}

bool injected(const std::string& name) {
  for (const int error : {EAGAIN, ENOMEM, EPERM}) {
    for (int k = 0; k <= 16; ++k) {
      for (const bool only_once : {false, true}) {
        test::failure_number = error;
        test::thread_calls = 0;
        test::first_failure = k;
        test::last_failure = only_once ? k : test::never;
        const auto b = parloop::make_backend(name, {17, {}});
        if (!loops_are_right(*b)) return false;
        if (only_once) continue;
        // Workers start others, and who is about to try is counted until that has failed.
        if (!test::becomes_true([&] { return workers_of(*b) <= k; })) {
          std::fprintf(stderr, "%d workers, though only %d calls succeeded\n", workers_of(*b), k);
          return false;
        }
        if (test::thread_calls > k + 1 + 10) {  // after a failure, no more for a second
          std::fprintf(stderr, "%d calls of pthread_create for a %s, which fail from %d on\n",
                       test::thread_calls.load(), name.c_str(), k);
          return false;
        }
      }
    }
  }
  return true;
}

/// Later the backend grows again: the library tries again after a second.
bool grows_again(const std::string& name) {
  test::thread_calls = 0;
  test::first_failure = 0;
  test::last_failure = test::never;
  const auto b = parloop::make_backend(name, {3, {}});
  if (!loops_are_right(*b) || workers_of(*b) != 0) return false;
  test::thread_calls = 0;
  test::first_failure = test::never;
  return test::becomes_true([&] { return loops_are_right(*b) && test::thread_calls >= 2; });
}

/// Released threads end and make no others while there is no work.
bool released_threads_stay_away() {
  test::first_failure = test::never;
  parloop::thread_pool pool({8, parloop::idle::release()});
  if (!loops_are_right(pool)) return false;
  if (!test::becomes_true([&] { return pool.workers() == 0; })) return false;
  const int before = test::thread_calls;
  test::let_pass(std::chrono::milliseconds(300));  // the interval that is looked at
  const int made = test::thread_calls - before;
  if (made != 0) std::fprintf(stderr, "%d threads were made while there was no work\n", made);
  return made == 0;
}

/// 0, 1, or 77 when this machine has no group of tasks to write to.
int in_a_pids_group(const std::string& name) {
  const std::size_t more = name == "tbb" ? 0 : 2;  // oneTBB wants no more threads than there are CPUs
  const test::pids_group group(more);
  if (!group.entered()) return 77;
  const auto b = parloop::make_backend(name, {8, {}});
  const bool good = loops_are_right(*b) && workers_of(*b) <= 2;
  std::printf("%s: %d workers of 7, where %zu more tasks are allowed\n", name.c_str(), workers_of(*b), more);
  return good ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const test::watchdog guard(120, "thread failure");
  if (argc < 2) return 1;
  const std::string name = argv[1];
  if (argc > 2 && std::string(argv[2]) == "pids") return in_a_pids_group(name);
  {
    const captured_stderr output;
    if (!injected(name) || !grows_again(name) || !told_once_each(output.text())) return 1;
  }
  return name != "thread_pool" || released_threads_stay_away() ? 0 : 1;
}
