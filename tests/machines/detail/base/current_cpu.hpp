// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Which CPU a thread of a simulated computer is on.
#pragma once

#include <machines/machine.hpp>

#include "atomic.hpp"

namespace parloop::inline v0_2::detail {

class cpu_of_thread {
 public:
  void note_here() noexcept {
    number_.store(static_cast<std::int16_t>(::machines::current_cpu()), memory_order_relaxed);
  }
  [[nodiscard]] bool is_here() const noexcept {
    const int number = number_.load(memory_order_relaxed);
    return number >= 0 && number == ::machines::current_cpu();
  }

 private:
  atomic<std::int16_t> number_{-1};
};

inline void yield_cpu() noexcept { ::machines::yield(); }

/// For team/wake_affinity.hpp.
struct simulated_affinity {
  static inline constinit atomic<int> misplaced{0};

  [[nodiscard]] static int current_cpu() noexcept { return ::machines::current_cpu(); }
  [[nodiscard]] static int current_thread() noexcept { return ::machines::current_thread(); }
  [[nodiscard]] static bool get(int thread, cpu_set_t& cpus) noexcept { return ::machines::get_affinity(thread, cpus); }
  static bool set(int thread, const cpu_set_t& cpus) noexcept { return ::machines::set_affinity(thread, cpus); }
  template <class Thread>
  static bool set(Thread& started, const cpu_set_t& cpus) noexcept {
    return ::machines::set_affinity(::machines::number_of(started.native()), cpus);
  }
};

}  // namespace parloop::inline v0_2::detail
