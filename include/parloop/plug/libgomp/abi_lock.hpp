// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The OpenMP API's locks, in C and as Fortran calls them. For plug/libgomp.hpp.
#pragma once

#include "abi.hpp"
#include "parallel.hpp"

// Fortran passes the lock's address, as C does.
#define PARLOOP_GOMP_BOTH(type, name, argument, ...)                                                                 \
  PARLOOP_GOMP_ABI type name(argument* l) noexcept __VA_ARGS__ PARLOOP_GOMP_ABI type name##_(argument* l) noexcept { \
    return name(l);                                                                                                  \
  }

namespace parloop::inline v0_2::detail::gomp {

extern "C" {

PARLOOP_GOMP_BOTH(void, omp_init_lock, word_lock, { new (l) word_lock; })
PARLOOP_GOMP_ABI void omp_init_lock_with_hint(word_lock* l, int) noexcept { omp_init_lock(l); }
PARLOOP_GOMP_ABI void omp_init_lock_with_hint_(word_lock* l, const int*) noexcept { omp_init_lock(l); }
PARLOOP_GOMP_BOTH(void, omp_destroy_lock, word_lock, { static_cast<void>(l); })
PARLOOP_GOMP_BOTH(void, omp_set_lock, word_lock, { l->lock(); })
PARLOOP_GOMP_BOTH(void, omp_unset_lock, word_lock, { l->unlock(); })
PARLOOP_GOMP_BOTH(int, omp_test_lock, word_lock, { return l->try_lock() ? 1 : 0; })

PARLOOP_GOMP_BOTH(void, omp_init_nest_lock, nest_lock, { new (l) nest_lock{{}, 0, nullptr}; })
PARLOOP_GOMP_ABI void omp_init_nest_lock_with_hint(nest_lock* l, int) noexcept { omp_init_nest_lock(l); }
PARLOOP_GOMP_ABI void omp_init_nest_lock_with_hint_(nest_lock* l, const int*) noexcept { omp_init_nest_lock(l); }
PARLOOP_GOMP_BOTH(void, omp_destroy_nest_lock, nest_lock, { static_cast<void>(l); })
// The owner: relaxed, as only the task itself can have written its own address there.
PARLOOP_GOMP_BOTH(void, omp_set_nest_lock, nest_lock, {
  const void* const self = here().current;
  if (l->owner.load(memory_order_relaxed) != self) {
    l->lock.lock();
    l->owner.store(self, memory_order_relaxed);
  }
  ++l->count;
})
PARLOOP_GOMP_BOTH(int, omp_test_nest_lock, nest_lock, {
  const void* const self = here().current;
  if (l->owner.load(memory_order_relaxed) != self) {
    if (!l->lock.try_lock()) return 0;
    l->owner.store(self, memory_order_relaxed);
  }
  return ++l->count;
})
PARLOOP_GOMP_BOTH(void, omp_unset_nest_lock, nest_lock, {
  if (--l->count != 0) return;
  l->owner.store(nullptr, memory_order_relaxed);
  l->lock.unlock();
})

}  // extern "C"

}  // namespace parloop::inline v0_2::detail::gomp

#undef PARLOOP_GOMP_BOTH
