// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Replaces `new` and `delete` by ones that count, and call a function. For one source file of a test program. Not
/// under the thread sanitizer, whose library defines them, too.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

#include "support.hpp"

namespace test {
inline std::atomic<long> allocations{0};
inline constexpr bool allocations_are_counted = !under_tsan;
/// Called at each allocation by `new`, before it is done; null: nothing is. Must not allocate.
inline std::atomic<void (*)()> at_allocation{nullptr};

inline void note_allocation() {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void (*const f)() = at_allocation; f != nullptr) f();
}
}  // namespace test

#if !TEST_UNDER_TSAN
// Counts what the program allocates. Malloc's memory, so that the sanitizers still see it. Not inlined, because g++
// would see new and free mismatched.
[[gnu::noinline]] void* operator new(std::size_t size) {
  test::note_allocation();
  if (void* p = std::malloc(size != 0 ? size : 1); p != nullptr) return p;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  test::note_allocation();
  return std::malloc(size != 0 ? size : 1);
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  test::note_allocation();
  const auto a = static_cast<std::size_t>(alignment);
#if defined(_WIN32)
  if (void* p = ::_aligned_malloc(size, a); p != nullptr) return p;
#else
  if (void* p = std::aligned_alloc(a, (size + a - 1) / a * a); p != nullptr) return p;
#endif
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }
#if defined(_WIN32)
[[gnu::noinline]] void operator delete(void* p, std::align_val_t) noexcept { ::_aligned_free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t, std::align_val_t) noexcept { ::_aligned_free(p); }
#else
[[gnu::noinline]] void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
#endif
#endif
