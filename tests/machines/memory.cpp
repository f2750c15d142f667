// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Allocations on cache lines of their own, without a history: what shares a line with what, and who has it, must not
/// depend on what the process did before.
#include <malloc.h>

#include <cstddef>
#include <cstdlib>
#include <new>

namespace machines {

void forget_memory(const void* begin, std::size_t bytes) noexcept;

namespace {

void* allocate(std::size_t bytes, std::size_t alignment) {
  const std::size_t unit = alignment < 64 ? 64 : alignment;
  void* const made = std::aligned_alloc(unit, (bytes / unit + 1) * unit);
  if (made == nullptr) throw std::bad_alloc();
  forget_memory(made, ::malloc_usable_size(made));
  return made;
}

}  // namespace
}  // namespace machines

void* operator new(std::size_t bytes) { return machines::allocate(bytes, 64); }
void* operator new[](std::size_t bytes) { return machines::allocate(bytes, 64); }
void* operator new(std::size_t bytes, std::align_val_t a) { return machines::allocate(bytes, std::size_t(a)); }
void* operator new[](std::size_t bytes, std::align_val_t a) { return machines::allocate(bytes, std::size_t(a)); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
