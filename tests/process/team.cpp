// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Teams and the whole process: threads that cannot be made, forks, exits. The argument: which.
#include <pthread.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <atomic>
#include <fstream>
#include <parloop/parloop.hpp>
#include <string>
#include <system_error>
#include <thread>

#include "support.hpp"

namespace {
std::atomic<int> calls{0};
std::atomic<int> first_failure{1 << 30};
}  // namespace

extern "C" int __real_pthread_create(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
extern "C" int __wrap_pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*function)(void*),
                                     void* argument);
extern "C" int __wrap_pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*function)(void*),
                                     void* argument) {
  if (calls.fetch_add(1) >= first_failure) return EAGAIN;
  return __real_pthread_create(thread, attributes, function, argument);
}

namespace {

namespace pl = parloop;

bool team_is_whole(pl::backend& b, int members) {
  std::atomic<int> came{0};
  pl::team(b, members, [&](pl::member& me) {
    came.fetch_add(1);
    me.barrier();
    if (came != members) came = -1000;
    me.barrier();
  });
  return came == members;
}

/// Whether a team that lacks a thread says so, and runs no body.
bool refused(pl::backend& b, int members, std::string& what) {
  bool ran = false;
  try {
    pl::team(b, members, [&](pl::member&) { ran = true; });
  } catch (const std::system_error& e) {
    what = e.what();
    return !ran && e.code() == std::errc::resource_unavailable_try_again;
  }
  return false;
}

/// pthread_create fails from the k-th call on.
int failure() {
  pl::thread_pool pool({2, pl::idle::park()});
  for (int k = 0; k < 7; ++k) {
    const auto exist = static_cast<int>(test::worker_ids().size());
    calls = 0;
    first_failure = k;
    std::string what;
    const int lacking = exist + k + 2;
    if (!refused(pool, lacking, what)) return 1;
    std::puts(what.c_str());
    if (what.find("of " + std::to_string(lacking)) == std::string::npos) return 1;
    if (calls != k + 1) return 1;
    if (!team_is_whole(pool, lacking - 1)) return 1;  // those that were made serve
    first_failure = 1 << 30;
  }
  return team_is_whole(pool, 40) ? 0 : 1;
}

bool write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  file.close();
  return file.good();
}

/// For real, in a control group that allows few tasks.
int pids() {
  const std::string group = "/sys/fs/cgroup/pids/parloop-team-" + std::to_string(::getpid());
  if (::mkdir(group.c_str(), 0755) != 0) {
    std::puts("SKIPPED: no writable v1 pids control group");
    return 77;
  }
  int result = 77;
  pl::thread_pool pool({2, pl::idle::park()});
  if (!team_is_whole(pool, 2)) return 1;  // a sanitizer has started its own thread by then, too
  const std::size_t tasks = test::thread_ids().size();
  if (write_file(group + "/pids.max", std::to_string(tasks + 1)) &&
      write_file(group + "/cgroup.procs", std::to_string(::getpid()))) {
    std::string what;
    result = refused(pool, 8, what) && team_is_whole(pool, 3) && refused(pool, 4, what) ? 0 : 1;
    std::puts(what.c_str());
  } else {
    std::puts("SKIPPED: the pids control group cannot be set up");
  }
  write_file("/sys/fs/cgroup/pids/cgroup.procs", std::to_string(::getpid()));
  ::rmdir(group.c_str());
  return result;
}

bool child_ends_well(pid_t child) {
  int status = 0;
  return child > 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// Children run teams of their own: forked between teams, while another thread's runs, and inside one.
int forks() {
  pl::thread_pool pool({2, {}});
  if (!team_is_whole(pool, 4)) return 1;
  for (int round = 0; round < 50; ++round) {
    if (const pid_t child = ::fork(); child == 0) {
      ::_exit(team_is_whole(pool, 4) ? 0 : 1);
    } else if (!child_ends_well(child)) {
      return 1;
    }
  }
  std::atomic<bool> stop{false};
  std::thread other([&] {
    while (!stop) team_is_whole(pool, 3);
  });
  bool good = true;
  for (int round = 0; round < 50 && good; ++round) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(team_is_whole(pool, 4) ? 0 : 1);
    good = child_ends_well(child);
  }
  stop = true;
  other.join();
  for (int round = 0; round < 20 && good; ++round) {
    pid_t child = -1;
    pl::team(pool, 3, [&](pl::member& me) {
      me.barrier();
      if (me.number() == 0) child = ::fork();
    });
    if (child == 0) ::_exit(team_is_whole(pool, 4) ? 0 : 1);
    good = child_ends_well(child);
  }
  return good ? 0 : 1;
}

/// Teams after main has ended, and threads of teams that are asleep then.
int at_exit() {
  static pl::thread_pool pool({2, {}});
  std::atexit([] {
    if (!team_is_whole(pool, 4)) ::_exit(1);
  });
  return team_is_whole(pool, 3) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const test::watchdog guard(120, "teams in a process");
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "failure") return failure();
  if (what == "pids") return pids();
  if (what == "forks") return forks();
  if (what == "exit") return at_exit();
  return 1;
}
