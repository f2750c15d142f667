// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Threads that cannot be made, in programs that are linked with --wrap=pthread_create and control groups that allow
/// few tasks; and children that are waited for. To be included by one file of a program.
#pragma once

#include <pthread.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <string>

#include "support.hpp"

namespace test {

/// Calls of pthread_create so far, and those that fail, the first being number 0.
inline std::atomic<int> thread_calls{0};
inline constexpr int never = 1 << 30;
inline std::atomic<int> first_failure{never};
inline std::atomic<int> last_failure{never};
inline std::atomic<int> failure_number{EAGAIN};

/// A v1 pids control group that allows as many tasks as this process has, and `more`; the process is in it while this
/// lives, if that could be had.
class pids_group {
 public:
  explicit pids_group(std::size_t more) : path_(std::string(root) + "/parloop-test-" + std::to_string(::getpid())) {
    made_ = ::mkdir(path_.c_str(), 0755) == 0;
    entered_ = made_ && write(path_ + "/pids.max", std::to_string(thread_ids().size() + more)) &&
               write(path_ + "/cgroup.procs", std::to_string(::getpid()));
    if (!entered_) std::puts("SKIPPED: no v1 pids control group that can be written");
  }
  pids_group(const pids_group&) = delete;
  pids_group& operator=(const pids_group&) = delete;
  ~pids_group() {
    if (entered_) write(std::string(root) + "/cgroup.procs", std::to_string(::getpid()));
    if (made_) ::rmdir(path_.c_str());
  }
  [[nodiscard]] bool entered() const { return entered_; }

 private:
  static constexpr const char* root = "/sys/fs/cgroup/pids";

  static bool write(const std::string& path, const std::string& text) {
    std::ofstream file(path);
    file << text;
    file.close();
    return file.good();
  }

  std::string path_;
  bool made_ = false;
  bool entered_ = false;
};

inline bool child_ends_well(pid_t child) {
  int status = 0;
  return child > 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace test

extern "C" int __real_pthread_create(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
extern "C" int __wrap_pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*function)(void*),
                                     void* argument);
extern "C" int __wrap_pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*function)(void*),
                                     void* argument) {
  const int call = test::thread_calls.fetch_add(1);
  if (call >= test::first_failure && call <= test::last_failure) return test::failure_number;
  return __real_pthread_create(thread, attributes, function, argument);
}
