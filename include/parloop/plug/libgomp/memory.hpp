// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The OpenMP API's allocators. All memory is this computer's ordinary one. For plug/libgomp.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

#include "../../detail/base/compare.hpp"
#include "lock.hpp"

namespace parloop::inline v0_2::detail::gomp {

/// The numbers of the API (omp.h).
enum allocator_trait : int { sync_hint = 1, alignment, access, pool_size, fallback, fb_data, pinned, partition };
inline constexpr std::uintptr_t last_own_allocator = 8;  // 1 to 8 are the standard's
enum fallback_kind : std::uintptr_t { to_default = 11, to_null = 12, to_abort = 13, to_allocator = 14 };

struct allocator_traits {
  int key;
  std::uintptr_t value;
};

/// What omp_init_allocator makes; its address is the handle.
struct allocator {
  std::size_t align = 1;
  std::size_t pool = SIZE_MAX;
  std::uintptr_t when_empty = to_default;
  std::uintptr_t next = 1;  // with to_allocator
  word_lock lock;
  std::size_t used = 0;

  [[nodiscard]] bool reserve(std::size_t size) noexcept {
    if (pool == SIZE_MAX) return true;
    const locked l(lock);
    if (size > pool || used > pool - size) return false;
    used += size;
    return true;
  }
  void give_back(std::size_t size) noexcept {
    if (pool == SIZE_MAX) return;
    const locked l(lock);
    used -= size;
  }
  /// What has been given back is used after all.
  void take_back(std::size_t size) noexcept {
    if (pool == SIZE_MAX) return;
    const locked l(lock);
    used += size;
  }
};

/// In front of each piece of memory.
struct piece {
  void* start;        // what the system has given
  std::size_t size;   // in all, as the pool counts it
  std::size_t asked;  // by the program
  allocator* from;
};

[[nodiscard]] inline piece& piece_of(void* memory) noexcept { return static_cast<piece*>(memory)[-1]; }

/// Null handles are the calling thread's default, which the caller has put in its place.
[[nodiscard]] inline void* allocate(std::size_t align, std::size_t size, std::uintptr_t handle, bool clear) noexcept {
  if (size == 0) return nullptr;
  while (true) {
    auto* const a = handle > last_own_allocator ? reinterpret_cast<allocator*>(handle) : nullptr;
    std::size_t aligned = larger(align, alignof(std::max_align_t));
    if (a != nullptr) aligned = larger(aligned, a->align);
    std::size_t all = 0;
    const bool fits = !__builtin_add_overflow(size, sizeof(piece) + aligned, &all);
    // The pool counts what the program asks for and what is in front of it, not what aligning leaves over.
    if (fits && (a == nullptr || a->reserve(size + sizeof(piece)))) {
      void* const start = clear ? std::calloc(1, all) : std::malloc(all);
      if (start != nullptr) {
        const auto first = reinterpret_cast<std::uintptr_t>(start) + sizeof(piece);
        void* const memory = reinterpret_cast<void*>((first + aligned - 1) / aligned * aligned);
        piece_of(memory) = {start, size + sizeof(piece), size, a};
        return memory;
      }
      if (a != nullptr) a->give_back(size + sizeof(piece));
    }
    if (a == nullptr || a->when_empty == to_null) return nullptr;
    if (a->when_empty == to_abort) {
      std::fprintf(stderr, "parloop: libgomp plug: no memory for %zu bytes, and the allocator's fallback is to abort\n",
                   size);
      std::abort();
    }
    handle = a->when_empty == to_allocator ? a->next : 1;
  }
}

inline void deallocate(void* memory) noexcept {
  if (memory == nullptr) return;
  const piece p = piece_of(memory);
  if (p.from != nullptr) p.from->give_back(p.size);
  std::free(p.start);
}

/// The handle of an allocator with these traits; 0 when there is none.
[[nodiscard]] inline std::uintptr_t make_allocator(std::uintptr_t space, int count,
                                                   const allocator_traits* traits) noexcept {
  constexpr std::uintptr_t by_default = UINTPTR_MAX;
  if (space > 4) return 0;
  allocator made;
  for (int i = 0; i < count; ++i) {
    const std::uintptr_t value = traits[i].value;
    const bool plain = value == by_default;
    switch (traits[i].key) {
      case alignment:
        if (!plain && (value == 0 || (value & (value - 1)) != 0)) return 0;
        if (!plain) made.align = value;
        break;
      case pool_size:
        made.pool = plain ? SIZE_MAX : value;
        break;
      case fallback:
        if (!plain && (value < to_default || value > to_allocator)) return 0;
        made.when_empty = plain ? static_cast<std::uintptr_t>(to_default) : value;
        break;
      case fb_data:
        made.next = value;
        break;
      case pinned:
        if (value == 1) return 0;  // memory that is never moved to disk cannot be had here
        break;
      case sync_hint:
      case access:
      case partition:
        break;
      default:
        return 0;
    }
  }
  auto* const kept = new (std::nothrow) allocator;
  if (kept == nullptr) return 0;
  kept->align = made.align;
  kept->pool = made.pool;
  kept->when_empty = made.when_empty;
  kept->next = made.next;
  return reinterpret_cast<std::uintptr_t>(kept);
}

}  // namespace parloop::inline v0_2::detail::gomp
