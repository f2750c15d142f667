// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The first exception that threads throw in a piece of work they share. For detail/loop and teams.
#pragma once

#include <exception>
#include <utility>

#include "atomic.hpp"
#include "throw.hpp"

namespace parloop::inline v0_2::detail {

/// Relaxed throughout: what rethrows has waited for those who threw, and that orders it after them.
class first_exception {
 public:
  /// Whether there is one. A hint for those who are still at work.
  [[nodiscard]] bool caught() const noexcept { return caught_.load(memory_order_relaxed); }

  /// Calls function() and keeps what it throws.
  template <class Function>
  void keep_thrown_by(Function&& function) noexcept {
    call_or(std::forward<Function>(function), [this] { keep_current(); });
  }

  /// In a catch clause: keeps this exception unless another was first.
  [[gnu::cold]] void keep_current() noexcept {
    if (!taken_.exchange(true, memory_order_relaxed)) error_ = std::current_exception();
    caught_.store(true, memory_order_relaxed);
  }

  /// Gives it away, null if there is none, and is as new. Nobody may be at work any more.
  [[nodiscard]] std::exception_ptr take() noexcept {
    taken_.store(false, memory_order_relaxed);
    caught_.store(false, memory_order_relaxed);
    return std::exchange(error_, nullptr);
  }

  /// Throws it, if there is one. Nobody may be at work any more.
  void rethrow() const {
    if (caught()) std::rethrow_exception(error_);
  }

 private:
  atomic<bool> caught_{false};
  atomic<bool> taken_{false};
  std::exception_ptr error_;
};

}  // namespace parloop::inline v0_2::detail
