// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Teams and the whole process: threads that cannot be made, forks, exits. The argument: which.

#include <atomic>
#include <parloop/parloop.hpp>
#include <string>
#include <system_error>
#include <thread>

#include "failing_threads.hpp"

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
    test::thread_calls = 0;
    test::first_failure = k;
    std::string what;
    const int lacking = exist + k + 2;
    if (!refused(pool, lacking, what)) return 1;
    std::puts(what.c_str());
    if (what.find("of " + std::to_string(lacking)) == std::string::npos) return 1;
    if (test::thread_calls != k + 1) return 1;
    if (!team_is_whole(pool, lacking - 1)) return 1;  // those that were made serve
    test::first_failure = test::never;
  }
  return team_is_whole(pool, 40) ? 0 : 1;
}

/// For real, in a control group that allows few tasks.
int pids() {
  pl::thread_pool pool({2, pl::idle::park()});
  if (!team_is_whole(pool, 2)) return 1;  // a sanitizer has started its own thread by then, too
  const test::pids_group group(1);
  if (!group.entered()) return 77;
  std::string what;
  const bool good = refused(pool, 8, what) && team_is_whole(pool, 3) && refused(pool, 4, what);
  std::puts(what.c_str());
  return good ? 0 : 1;
}

/// Children run teams of their own: forked between teams, while another thread's runs, and inside one.
int forks() {
  pl::thread_pool pool({2, {}});
  if (!team_is_whole(pool, 4)) return 1;
  for (int round = 0; round < 50; ++round) {
    if (const pid_t child = ::fork(); child == 0) {
      ::_exit(team_is_whole(pool, 4) ? 0 : 1);
    } else if (!test::child_ends_well(child)) {
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
    good = test::child_ends_well(child);
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
    good = test::child_ends_well(child);
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
