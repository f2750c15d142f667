// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// `std::atomic`, as much of it as the library uses, on the compiler's own operations: libstdc++'s <atomic> and its
/// many members cost a tenth of the time that a small loop takes to compile (g++ 12). For all headers.
#pragma once

#if defined(__GNUC__) && !defined(PARLOOP_PORTABLE)  // and clang
#include <type_traits>
#else
#include <atomic>
#endif

namespace parloop::inline v0_2::detail {

#if defined(__GNUC__) && !defined(PARLOOP_PORTABLE)

enum class memory_order : int {
  relaxed = __ATOMIC_RELAXED,
  acquire = __ATOMIC_ACQUIRE,
  release = __ATOMIC_RELEASE,
  acq_rel = __ATOMIC_ACQ_REL
};
inline constexpr memory_order memory_order_relaxed = memory_order::relaxed;
inline constexpr memory_order memory_order_acquire = memory_order::acquire;
inline constexpr memory_order memory_order_release = memory_order::release;
inline constexpr memory_order memory_order_acq_rel = memory_order::acq_rel;

/// Its members do what those of the same names of `std::atomic` do. Every order is written out. Always inlined, as the
/// compiler has to see which order it is.
template <class T>
class atomic {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 8 && (sizeof(T) & (sizeof(T) - 1)) == 0);

 public:
  constexpr atomic(T value) noexcept : value_(value) {}  // NOLINT: as std::atomic
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;

  [[nodiscard, gnu::always_inline]] T load(memory_order order) const noexcept {
    T seen;
    __atomic_load(&value_, &seen, static_cast<int>(order));
    return seen;
  }
  [[gnu::always_inline]] void store(T value, memory_order order) noexcept {
    __atomic_store(&value_, &value, static_cast<int>(order));
  }
  [[gnu::always_inline]] T exchange(T value, memory_order order) noexcept {
    T seen;
    __atomic_exchange(&value_, &value, &seen, static_cast<int>(order));
    return seen;
  }
  [[gnu::always_inline]] bool compare_exchange_weak(T& seen, T value, memory_order good, memory_order bad) noexcept {
    return __atomic_compare_exchange(&value_, &seen, &value, true, static_cast<int>(good), static_cast<int>(bad));
  }
  [[gnu::always_inline]] bool compare_exchange_strong(T& seen, T value, memory_order good, memory_order bad) noexcept {
    return __atomic_compare_exchange(&value_, &seen, &value, false, static_cast<int>(good), static_cast<int>(bad));
  }
  /// `both`, when it fails too: relaxed or acquire.
  [[gnu::always_inline]] bool compare_exchange_weak(T& seen, T value, memory_order both) noexcept {
    return compare_exchange_weak(seen, value, both, both);
  }
  [[gnu::always_inline]] bool compare_exchange_strong(T& seen, T value, memory_order both) noexcept {
    return compare_exchange_strong(seen, value, both, both);
  }
  [[gnu::always_inline]] T fetch_add(T value, memory_order order) noexcept {
    return __atomic_fetch_add(&value_, value, static_cast<int>(order));
  }
  [[gnu::always_inline]] T fetch_sub(T value, memory_order order) noexcept {
    return __atomic_fetch_sub(&value_, value, static_cast<int>(order));
  }
  [[gnu::always_inline]] T fetch_and(T value, memory_order order) noexcept {
    return __atomic_fetch_and(&value_, value, static_cast<int>(order));
  }
  [[gnu::always_inline]] T fetch_or(T value, memory_order order) noexcept {
    return __atomic_fetch_or(&value_, value, static_cast<int>(order));
  }

 private:
  alignas(sizeof(T)) T value_;  // some 32-bit systems align 8 bytes to 4
};

#else

using std::atomic;
using std::memory_order_acq_rel;
using std::memory_order_acquire;
using std::memory_order_relaxed;
using std::memory_order_release;

#endif

}  // namespace parloop::inline v0_2::detail
