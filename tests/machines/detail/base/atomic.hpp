// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The library's atomics on a simulated computer: each access takes its time, and comes when it is its turn.
#pragma once

#include <cstring>
#include <machines/machine.hpp>
#include <type_traits>

#define __builtin_prefetch(address, ...) ::machines::prefetch(address)

namespace parloop::inline v0_2::detail {

enum class memory_order : int { relaxed, acquire, release, acq_rel };
inline constexpr memory_order memory_order_relaxed = memory_order::relaxed;
inline constexpr memory_order memory_order_acquire = memory_order::acquire;
inline constexpr memory_order memory_order_release = memory_order::release;
inline constexpr memory_order memory_order_acq_rel = memory_order::acq_rel;

/// Orders cost nothing, as on x86: Relacy looks for wrong ones (tests/model). One fibre runs at a time, so the value
/// is a plain one.
template <class T>
class atomic {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 8 && (sizeof(T) & (sizeof(T) - 1)) == 0);
  using access = ::machines::access;

 public:
  constexpr atomic(T value) noexcept : value_(value) {}  // NOLINT: as std::atomic
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;

  [[nodiscard]] T load(memory_order) const noexcept {
    ::machines::touch(&value_, access::load);
    return value_;
  }
  void store(T value, memory_order) noexcept {
    ::machines::touch(&value_, access::store);
    value_ = value;
  }
  T exchange(T value, memory_order) noexcept {
    ::machines::touch(&value_, access::exchange);
    const T seen = value_;
    value_ = value;
    return seen;
  }
  bool compare_exchange_strong(T& seen, T value, memory_order, memory_order = memory_order_relaxed) noexcept {
    ::machines::touch(&value_, access::exchange);
    if (std::memcmp(&value_, &seen, sizeof value_) != 0) {
      seen = value_;
      return false;
    }
    value_ = value;
    return true;
  }
  bool compare_exchange_weak(T& seen, T value, memory_order good, memory_order bad = memory_order_relaxed) noexcept {
    return compare_exchange_strong(seen, value, good, bad);
  }
  T fetch_add(T value, memory_order) noexcept {
    ::machines::touch(&value_, access::exchange);
    const T seen = value_;
    value_ = static_cast<T>(seen + value);
    return seen;
  }
  T fetch_sub(T value, memory_order) noexcept {
    ::machines::touch(&value_, access::exchange);
    const T seen = value_;
    value_ = static_cast<T>(seen - value);
    return seen;
  }
  T fetch_and(T value, memory_order) noexcept {
    ::machines::touch(&value_, access::exchange);
    const T seen = value_;
    value_ = static_cast<T>(seen & value);
    return seen;
  }
  T fetch_or(T value, memory_order) noexcept {
    ::machines::touch(&value_, access::exchange);
    const T seen = value_;
    value_ = static_cast<T>(seen | value);
    return seen;
  }

 private:
  alignas(sizeof(T)) T value_;
};

}  // namespace parloop::inline v0_2::detail
