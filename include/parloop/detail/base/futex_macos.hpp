// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Sleeping on a 32-bit word under macOS: os_sync_wait_on_address, from macOS 14.4 on, which is looked for at run time
/// so that programs start on older ones; there wait_table.hpp. (`__ulock_wait` is older, but no public call.) For
/// detail/base/futex.hpp.
///
/// Source of the signatures and numbers: <os/os_sync_wait_on_address.h> and <os/clock.h>, Apple.
#pragma once

#include <dlfcn.h>

#include <cstddef>
#include <cstdint>

#include "atomic.hpp"
#include "durations.hpp"
#include "wait_table.hpp"

namespace parloop::inline v0_2::detail {

namespace macos {

using wait_call = int (*)(void* word, std::uint64_t value, std::size_t size, std::uint32_t flags);
using wait_for_call = int (*)(void* word, std::uint64_t value, std::size_t size, std::uint32_t flags,
                              std::uint32_t clock, std::uint64_t ns);
using wake_call = int (*)(void* word, std::size_t size, std::uint32_t flags);

enum class address_state : int { unknown, absent, found };
inline constinit atomic<address_state> address_known{address_state::unknown};
inline constinit atomic<wait_call> wait{nullptr};
inline constinit atomic<wait_for_call> wait_for{nullptr};
inline constinit atomic<wake_call> wake_any{nullptr};

inline constexpr std::uint32_t mach_absolute_time = 32;  // OS_CLOCK_MACH_ABSOLUTE_TIME

/// Threads that come here at the same time find the same.
[[gnu::cold]] inline address_state find_address_calls() noexcept {
  const auto a = reinterpret_cast<wait_call>(::dlsym(RTLD_DEFAULT, "os_sync_wait_on_address"));
  const auto b = reinterpret_cast<wait_for_call>(::dlsym(RTLD_DEFAULT, "os_sync_wait_on_address_with_timeout"));
  const auto c = reinterpret_cast<wake_call>(::dlsym(RTLD_DEFAULT, "os_sync_wake_by_address_any"));
  wait.store(a, memory_order_relaxed);
  wait_for.store(b, memory_order_relaxed);
  wake_any.store(c, memory_order_relaxed);
  const auto found = a != nullptr && b != nullptr && c != nullptr ? address_state::found : address_state::absent;
  address_known.store(found, memory_order_release);  // pairs with the acquire in has_address_calls
  return found;
}

[[nodiscard]] inline bool has_address_calls() noexcept {
  // Acquire: pairs with the release in find_address_calls, so that who sees the state sees the functions.
  const address_state known = address_known.load(memory_order_acquire);
  return (known == address_state::unknown ? find_address_calls() : known) == address_state::found;
}

}  // namespace macos

/// Sleeps while `word` is `expected`; may return early.
inline void wait_on(atomic<std::uint32_t>& word, std::uint32_t expected) noexcept {
  static_assert(sizeof(word) == sizeof(std::uint32_t));
  if (!macos::has_address_calls()) return wait_table::wait(word, expected, nullptr);
  macos::wait.load(memory_order_relaxed)(&word, expected, sizeof expected, 0);
}

/// The same for `limit` at most.
[[gnu::cold]] inline void wait_on_for(atomic<std::uint32_t>& word, std::uint32_t expected,
                                      std::chrono::nanoseconds limit) noexcept {
  if (!macos::has_address_calls()) return wait_table::wait(word, expected, &limit);
  const auto ns = static_cast<std::uint64_t>(limit.count() > 0 ? limit.count() : 1);  // 0 is refused
  macos::wait_for.load(memory_order_relaxed)(&word, expected, sizeof expected, 0, macos::mach_absolute_time, ns);
}

/// Wakes up to `count` that sleep on `word`.
inline void wake_some(atomic<std::uint32_t>& word, std::uint32_t count) noexcept {
  if (!macos::has_address_calls()) return wait_table::wake(&word, count);
  while (count-- != 0 && macos::wake_any.load(memory_order_relaxed)(&word, sizeof(std::uint32_t), 0) >= 0) {
  }
}

}  // namespace parloop::inline v0_2::detail
