// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Other programs that want the CPUs.
#pragma once

#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace bench {

/// A process that computes for as long as it lives, wherever the system puts it or on one CPU.
class busy_neighbour {
 public:
  enum class place { anywhere, last_cpu };  ///< the last that this process may use

  explicit busy_neighbour(place where = place::anywhere) : process_(::fork()) {
    if (process_ < 0) throw std::runtime_error("cannot start a busy neighbour");
    if (process_ > 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (where == place::last_cpu) stay_on_last_cpu();
    for (volatile unsigned long counted = 0;;) counted = counted + 1;
  }
  busy_neighbour(const busy_neighbour&) = delete;
  busy_neighbour& operator=(const busy_neighbour&) = delete;
  ~busy_neighbour() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }

 private:
  static void stay_on_last_cpu() {
    cpu_set_t all;
    cpu_set_t one;
    CPU_ZERO(&one);
    if (::sched_getaffinity(0, sizeof all, &all) != 0) return;
    int last = CPU_SETSIZE - 1;
    while (last > 0 && CPU_ISSET(last, &all) == 0) --last;
    CPU_SET(last, &one);
    ::sched_setaffinity(0, sizeof one, &one);
  }

  pid_t process_;
};

}  // namespace bench
