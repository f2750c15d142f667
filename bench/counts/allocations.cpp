// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "allocations.hpp"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>

#include <atomic>

namespace {

std::atomic<long> calls{0};
void count() { calls.fetch_add(1, std::memory_order_relaxed); }

}  // namespace

// glibc calls a program's own malloc where there is one, and keeps its own under these names. operator new calls it.
extern "C" {
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* p, size_t size);
void* __libc_memalign(size_t alignment, size_t size);
void __libc_free(void* p);

void* malloc(size_t size) noexcept {
  count();
  return __libc_malloc(size);
}
void* calloc(size_t number, size_t size) noexcept {
  count();
  return __libc_calloc(number, size);
}
void* realloc(void* p, size_t size) noexcept {
  count();
  return __libc_realloc(p, size);
}
void* memalign(size_t alignment, size_t size) noexcept {
  count();
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(size_t alignment, size_t size) noexcept { return memalign(alignment, size); }
int posix_memalign(void** p, size_t alignment, size_t size) noexcept {
  *p = memalign(alignment, size);
  return *p != nullptr ? 0 : ENOMEM;
}
void free(void* p) noexcept { __libc_free(p); }
}

namespace counts {

long allocations() { return calls.load(std::memory_order_relaxed); }

}  // namespace counts
