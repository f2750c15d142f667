// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A rival that is a program of its own, for instance in another language: it answers lines with lines.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace bench {

class child {
 public:
  /// Starts command[0] with the further words as arguments.
  explicit child(const std::vector<std::string>& command);
  child(const child&) = delete;
  child& operator=(const child&) = delete;
  ~child();

  /// Sends a line and waits for the answer; throws std::runtime_error when the child has ended.
  std::string ask(const std::string& line);

 private:
  int to_ = -1;
  int from_ = -1;
  int process_ = -1;
};

/// python3 with a script of bench/ and its arguments, where it has the modules ("numba, numpy"); else null, and
/// `rivals` are noted as missing. To be called before the first thread is made.
std::unique_ptr<child> python_child(const std::string& modules, const std::string& rivals,
                                    std::vector<std::string> script);

}  // namespace bench
