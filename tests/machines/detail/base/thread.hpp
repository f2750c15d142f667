// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Threads of a simulated computer.
#pragma once

#include <machines/machine.hpp>

#include "atomic.hpp"

namespace parloop::inline v0_2::detail {

inline void keep_code_loaded(void (*)(void*, int) noexcept) noexcept {}

class worker_thread {
 public:
  int start(void (*function)(void*) noexcept, void* argument) noexcept {
    constexpr int try_again = 11;  // EAGAIN
    ::machines::thread* const started = ::machines::start(function, argument);
    if (started == nullptr) return try_again;
    thread_ = started;
    return 0;
  }
  void join() noexcept { ::machines::join(thread_); }
  void detach_self() noexcept {}  // who ends is kept until the computer goes
  [[nodiscard]] const ::machines::thread* native() const noexcept { return thread_; }

 private:
  ::machines::thread* thread_ = nullptr;
};

}  // namespace parloop::inline v0_2::detail
