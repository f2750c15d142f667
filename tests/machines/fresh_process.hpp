// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Work in a child process: it begins with the library's static variables as they are in a new program, and a crash in
/// it is a result.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

namespace machines {

/// What the child wrote, and how it ended.
struct child_result {
  std::string text;
  bool good = false;  ///< it returned from its work
};

/// Runs the pieces of work, each in a process of its own, `at_once` of them at a time, and gives what each returned in
/// turn to `use`, until that returns false.
inline void in_fresh_processes(std::size_t count, std::size_t at_once,
                               const std::function<std::string(std::size_t)>& work,
                               const std::function<bool(std::size_t, child_result)>& use) {
  struct child {
    pid_t process;
    int pipe;
  };
  std::vector<child> children(count);
  std::fflush(stdout);
  const auto start = [&](std::size_t i) {
    int ends[2];
    if (::pipe(ends) != 0) std::abort();
    const pid_t made = ::fork();
    if (made < 0) std::abort();
    if (made == 0) {
      ::close(ends[0]);
      const std::string text = work(i);
      for (std::size_t sent = 0; sent < text.size();) {
        const ssize_t wrote = ::write(ends[1], text.data() + sent, text.size() - sent);
        if (wrote <= 0) ::_exit(1);
        sent += static_cast<std::size_t>(wrote);
      }
      ::_exit(0);
    }
    ::close(ends[1]);
    children[i] = {made, ends[0]};
  };
  const auto finish = [&](std::size_t i) {
    child_result result;
    char text[4096];
    for (ssize_t got = 0; (got = ::read(children[i].pipe, text, sizeof text)) > 0;) {
      result.text.append(text, static_cast<std::size_t>(got));
    }
    ::close(children[i].pipe);
    int status = 0;
    ::waitpid(children[i].process, &status, 0);
    result.good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!result.good) result.text += "\nthe process ended by " + std::to_string(status);
    return result;
  };
  std::size_t started = 0;
  for (std::size_t i = 0; i < count; ++i) {
    while (started < count && started < i + at_once) start(started++);
    if (!use(i, finish(i))) {
      for (std::size_t left = i + 1; left < started; ++left) finish(left);
      return;
    }
  }
}

inline child_result in_fresh_process(const std::function<std::string()>& work) {
  child_result result;
  in_fresh_processes(
      1, 1, [&](std::size_t) { return work(); },
      [&](std::size_t, child_result r) {
        result = std::move(r);
        return true;
      });
  return result;
}

}  // namespace machines
