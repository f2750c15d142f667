// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Fibres: stacks that one thread turns between. For machine.cpp.
///
/// Fibres, and not one real thread for each that is simulated with one running at a time: handing over between threads
/// costs two context switches, 5-10 us, and a loop on 64 CPUs some thousand of them; between fibres it is 20 ns. The
/// price is that they share what is thread_local: three variables of the library, which prepare.cmake replaces, and
/// the exceptions being handled, which are exchanged here.
#pragma once

#include <csetjmp>
#include <cstddef>
#include <functional>

namespace machines {

class fibre {
 public:
  /// Runs function() at the first enter().
  explicit fibre(std::function<void()> function);
  fibre(const fibre&) = delete;
  fibre& operator=(const fibre&) = delete;
  ~fibre();

  /// Goes on with the fibre until it calls leave() or its function has returned.
  void enter();
  /// Back to who entered. Only on the fibre.
  void leave();

 private:
  static void begin(unsigned low, unsigned high);

  std::function<void()> function_;
  std::jmp_buf mine_;
  std::jmp_buf outside_;
  void* stack_;
  bool begun_ = false;
  void* exceptions_[2] = {};  // the ABI's __cxa_eh_globals
};

}  // namespace machines
