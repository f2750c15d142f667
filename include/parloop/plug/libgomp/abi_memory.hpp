// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The libgomp ABI: allocators. For plug/libgomp.hpp.
#pragma once

#include "abi.hpp"
#include "memory.hpp"
#include "parallel.hpp"

namespace parloop::inline v0_2::detail::gomp {

/// A null handle is the calling thread's default.
[[nodiscard]] inline std::uintptr_t chosen_allocator(std::uintptr_t handle) {
  return handle != 0 ? handle : here().current->icv.allocator;
}

extern "C" {

PARLOOP_GOMP_ABI void* omp_aligned_alloc(std::size_t align, std::size_t size, std::uintptr_t a) noexcept {
  if (align == 0 || (align & (align - 1)) != 0) return nullptr;
  return allocate(align, size, chosen_allocator(a), false);
}
PARLOOP_GOMP_ABI void* omp_alloc(std::size_t size, std::uintptr_t a) noexcept { return omp_aligned_alloc(1, size, a); }
PARLOOP_GOMP_ABI void* omp_aligned_calloc(std::size_t align, std::size_t count, std::size_t size,
                                          std::uintptr_t a) noexcept {
  std::size_t all = 0;
  if (align == 0 || (align & (align - 1)) != 0 || __builtin_mul_overflow(count, size, &all)) return nullptr;
  return allocate(align, all, chosen_allocator(a), true);
}
PARLOOP_GOMP_ABI void* omp_calloc(std::size_t count, std::size_t size, std::uintptr_t a) noexcept {
  return omp_aligned_calloc(1, count, size, a);
}
PARLOOP_GOMP_ABI void omp_free(void* memory, std::uintptr_t) noexcept { deallocate(memory); }
PARLOOP_GOMP_ABI void* omp_realloc(void* memory, std::size_t size, std::uintptr_t a, std::uintptr_t) noexcept {
  if (memory == nullptr) return omp_alloc(size, a);
  const piece old = piece_of(memory);
  if (size == 0) {
    deallocate(memory);
    return nullptr;
  }
  if (a == 0) a = old.from != nullptr ? reinterpret_cast<std::uintptr_t>(old.from) : 1;
  // A pool has room for the old or the new, not for both.
  const bool same = old.from != nullptr && a == reinterpret_cast<std::uintptr_t>(old.from);
  if (same) old.from->give_back(old.size);
  void* const moved = omp_alloc(size, a);
  if (same) old.from->take_back(old.size);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, memory, smaller(size, old.asked));
  deallocate(memory);
  return moved;
}

PARLOOP_GOMP_ABI void* GOMP_alloc(std::size_t align, std::size_t size, std::uintptr_t a) noexcept {
  void* const memory = allocate(align, size, chosen_allocator(a), false);
  if (memory == nullptr && size != 0) {
    std::fprintf(stderr, "parloop: libgomp plug: no memory for %zu bytes\n", size);
    std::abort();
  }
  return memory;
}
PARLOOP_GOMP_ABI void GOMP_free(void* memory, std::uintptr_t) noexcept { deallocate(memory); }

PARLOOP_GOMP_ABI std::uintptr_t omp_init_allocator(std::uintptr_t space, int count,
                                                   const allocator_traits* traits) noexcept {
  return make_allocator(space, count, traits);
}
PARLOOP_GOMP_ABI std::uintptr_t omp_init_allocator_(const std::uintptr_t* space, const int* count,
                                                    const allocator_traits* traits) noexcept {
  return omp_init_allocator(*space, *count, traits);
}
PARLOOP_GOMP_ABI std::uintptr_t omp_init_allocator_8_(const std::uintptr_t* space, const std::int64_t* count,
                                                      const allocator_traits* traits) noexcept {
  return omp_init_allocator(*space, static_cast<int>(*count), traits);
}
PARLOOP_GOMP_ABI void omp_destroy_allocator(std::uintptr_t a) noexcept {
  if (a > last_own_allocator) delete reinterpret_cast<allocator*>(a);
}
PARLOOP_GOMP_ABI void omp_destroy_allocator_(const std::uintptr_t* a) noexcept { omp_destroy_allocator(*a); }
PARLOOP_GOMP_ABI void omp_set_default_allocator(std::uintptr_t a) noexcept {
  here().current->icv.allocator = a != 0 ? a : 1;
}
PARLOOP_GOMP_ABI void omp_set_default_allocator_(const std::uintptr_t* a) noexcept { omp_set_default_allocator(*a); }
PARLOOP_GOMP_ABI std::uintptr_t omp_get_default_allocator() noexcept { return here().current->icv.allocator; }
PARLOOP_GOMP_ABI std::uintptr_t omp_get_default_allocator_() noexcept { return omp_get_default_allocator(); }

}  // extern "C"

}  // namespace parloop::inline v0_2::detail::gomp
