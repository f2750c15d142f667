// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The OpenMP API's locks, in C and as Fortran calls them. For plug/libgomp.hpp.
#pragma once

#include "abi.hpp"
#include "parallel.hpp"

// Fortran passes the lock's address, as C does.
#define PARLOOP_GOMP_LOCK(type, name, ...)                                                                             \
  PARLOOP_GOMP_ABI type name(word_lock* l) noexcept __VA_ARGS__ PARLOOP_GOMP_ABI type name##_(word_lock* l) noexcept { \
    return name(l);                                                                                                    \
  }
// Fortran's nest locks have 8 bytes: a pointer to C's.
#define PARLOOP_GOMP_NEST_LOCK(type, name, ...)                                                \
  PARLOOP_GOMP_ABI type name(nest_lock* l) noexcept __VA_ARGS__ PARLOOP_GOMP_ABI type name##_( \
      nest_lock** l) noexcept {                                                                \
    return name(*l);                                                                           \
  }

namespace parloop::inline v0_2::detail::gomp {

extern "C" {

PARLOOP_GOMP_LOCK(void, omp_init_lock, { new (l) word_lock; })
PARLOOP_GOMP_ABI void omp_init_lock_with_hint(word_lock* l, int) noexcept { omp_init_lock(l); }
PARLOOP_GOMP_ABI void omp_init_lock_with_hint_(word_lock* l, const int*) noexcept { omp_init_lock(l); }
PARLOOP_GOMP_LOCK(void, omp_destroy_lock, { static_cast<void>(l); })
PARLOOP_GOMP_LOCK(void, omp_set_lock, { l->lock(); })
PARLOOP_GOMP_LOCK(void, omp_unset_lock, { l->unlock(); })
PARLOOP_GOMP_LOCK(int, omp_test_lock, { return l->try_lock() ? 1 : 0; })

PARLOOP_GOMP_ABI void omp_init_nest_lock(nest_lock* l) noexcept { new (l) nest_lock{{}, 0, nullptr}; }
PARLOOP_GOMP_ABI void omp_init_nest_lock_(nest_lock** l) noexcept { *l = new nest_lock{{}, 0, nullptr}; }
PARLOOP_GOMP_ABI void omp_init_nest_lock_with_hint(nest_lock* l, int) noexcept { omp_init_nest_lock(l); }
PARLOOP_GOMP_ABI void omp_init_nest_lock_with_hint_(nest_lock** l, const int*) noexcept { omp_init_nest_lock_(l); }
PARLOOP_GOMP_ABI void omp_destroy_nest_lock(nest_lock*) noexcept {}
PARLOOP_GOMP_ABI void omp_destroy_nest_lock_(nest_lock** l) noexcept {
  delete *l;
  *l = nullptr;
}
// The owner: relaxed, as only the task itself can have written its own address there.
PARLOOP_GOMP_NEST_LOCK(void, omp_set_nest_lock, {
  const void* const self = here().current;
  if (l->owner.load(memory_order_relaxed) != self) {
    l->lock.lock();
    l->owner.store(self, memory_order_relaxed);
  }
  ++l->count;
})
PARLOOP_GOMP_NEST_LOCK(int, omp_test_nest_lock, {
  const void* const self = here().current;
  if (l->owner.load(memory_order_relaxed) != self) {
    if (!l->lock.try_lock()) return 0;
    l->owner.store(self, memory_order_relaxed);
  }
  return ++l->count;
})
PARLOOP_GOMP_NEST_LOCK(void, omp_unset_nest_lock, {
  if (--l->count != 0) return;
  l->owner.store(nullptr, memory_order_relaxed);
  l->lock.unlock();
})

}  // extern "C"

}  // namespace parloop::inline v0_2::detail::gomp

#undef PARLOOP_GOMP_LOCK
#undef PARLOOP_GOMP_NEST_LOCK
