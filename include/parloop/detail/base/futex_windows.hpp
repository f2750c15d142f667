// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Sleeping on a 32-bit word under Windows: WaitOnAddress, from Windows 8 on, which is looked for at run time so that
/// no import library is needed; else wait_table.hpp. For detail/base/futex.hpp.
#pragma once

#if defined(_WIN32)

#include <cstdint>
#include <initializer_list>
#include <limits>

#include "atomic.hpp"
#include "durations.hpp"
#include "wait_table.hpp"
#include "windows.hpp"

namespace parloop::inline v0_2::detail {

namespace windows {

struct address_calls {
  int(__stdcall* wait)(volatile void*, void*, std::size_t, unsigned long) = nullptr;
  void(__stdcall* wake_single)(void*) = nullptr;
  void(__stdcall* wake_all)(void*) = nullptr;
};

enum class address_state : int { unknown, absent, found };
inline constinit atomic<address_state> address_known{address_state::unknown};
inline constinit atomic<int(__stdcall*)(volatile void*, void*, std::size_t, unsigned long)> wait_on_address{nullptr};
inline constinit atomic<void(__stdcall*)(void*)> wake_by_address_single{nullptr};
inline constinit atomic<void(__stdcall*)(void*)> wake_by_address_all{nullptr};

/// Threads that come here at the same time find the same.
[[gnu::cold]] inline address_state find_address_calls() noexcept {
  address_calls calls;
  for (const char* library : {"kernelbase.dll", "api-ms-win-core-synch-l1-2-0.dll"}) {
    if (calls.wait == nullptr) calls.wait = find<decltype(calls.wait)>(library, "WaitOnAddress");
    if (calls.wake_single == nullptr) {
      calls.wake_single = find<decltype(calls.wake_single)>(library, "WakeByAddressSingle");
    }
    if (calls.wake_all == nullptr) calls.wake_all = find<decltype(calls.wake_all)>(library, "WakeByAddressAll");
  }
  wait_on_address.store(calls.wait, memory_order_relaxed);
  wake_by_address_single.store(calls.wake_single, memory_order_relaxed);
  wake_by_address_all.store(calls.wake_all, memory_order_relaxed);
  const bool all = calls.wait != nullptr && calls.wake_single != nullptr && calls.wake_all != nullptr;
  const auto found = all ? address_state::found : address_state::absent;
  address_known.store(found, memory_order_release);  // pairs with the acquire in has_address_calls
  return found;
}

[[nodiscard]] inline bool has_address_calls() noexcept {
  // Acquire: pairs with the release in find_address_calls, so that who sees the state sees the functions.
  const address_state known = address_known.load(memory_order_acquire);
  return (known == address_state::unknown ? find_address_calls() : known) == address_state::found;
}

}  // namespace windows

/// Sleeps while `word` is `expected`; may return early.
inline void wait_on(atomic<std::uint32_t>& word, std::uint32_t expected) noexcept {
  static_assert(sizeof(word) == sizeof(std::uint32_t));
  if (!windows::has_address_calls()) return wait_table::wait(word, expected, nullptr);
  windows::wait_on_address.load(memory_order_relaxed)(&word, &expected, sizeof expected, windows::infinite);
}

/// The same for `limit` at most.
[[gnu::cold]] inline void wait_on_for(atomic<std::uint32_t>& word, std::uint32_t expected,
                                      std::chrono::nanoseconds limit) noexcept {
  if (!windows::has_address_calls()) return wait_table::wait(word, expected, &limit);
  windows::wait_on_address.load(memory_order_relaxed)(&word, &expected, sizeof expected, windows::milliseconds(limit));
}

/// Wakes up to `count` that sleep on `word`.
inline void wake_some(atomic<std::uint32_t>& word, std::uint32_t count) noexcept {
  if (!windows::has_address_calls()) return wait_table::wake(&word, count);
  for (; count != 0; --count) windows::wake_by_address_single.load(memory_order_relaxed)(&word);
}

/// Wakes all that sleep on `word`.
inline void wake_all(atomic<std::uint32_t>& word) noexcept {
  if (!windows::has_address_calls()) return wait_table::wake(&word, (std::numeric_limits<std::uint32_t>::max)());
  windows::wake_by_address_all.load(memory_order_relaxed)(&word);
}

}  // namespace parloop::inline v0_2::detail

#endif
