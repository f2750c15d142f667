// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "child.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "contest.hpp"

namespace bench {

child::child(const std::vector<std::string>& command) {
  int in[2];
  int out[2];
  if (::pipe(in) != 0 || ::pipe(out) != 0) throw std::runtime_error("no pipe");
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  process_ = ::fork();
  if (process_ < 0) throw std::runtime_error("no process");
  if (process_ == 0) {
    ::dup2(in[0], 0);
    ::dup2(out[1], 1);
    for (const int end : {in[0], in[1], out[0], out[1]}) ::close(end);
    ::execvp(words[0], words.data());
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  to_ = in[1];
  from_ = out[0];
}

child::~child() {
  ::close(to_);
  ::close(from_);
  ::waitpid(process_, nullptr, 0);
}

std::string child::ask(const std::string& line) {
  const std::string whole = line + "\n";
  if (::write(to_, whole.data(), whole.size()) != static_cast<ssize_t>(whole.size())) {
    throw std::runtime_error("a rival's process has ended");
  }
  std::string answer;
  for (char c = 0; ::read(from_, &c, 1) == 1;) {
    if (c == '\n') return answer;
    answer += c;
  }
  throw std::runtime_error("a rival's process has ended");
}

std::unique_ptr<child> python_child(const std::string& modules, const std::string& rivals,
                                    std::vector<std::string> script) {
  if (std::system(("python3 -c 'import " + modules + "' 2>/dev/null").c_str()) != 0) {
    note_missing(rivals);
    return nullptr;
  }
  script.front() = BENCH_SOURCES "/" + script.front();
  script.insert(script.begin(), "python3");
  return std::make_unique<child>(script);
}

}  // namespace bench
