// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The parallel loops of code that Halide has compiled, on this library's threads.
#pragma once

#include <HalideRuntime.h>

#include "../algorithm/parallel_for.hpp"
#include "../detail/base/atomic.hpp"

namespace parloop::inline v0_2::plug {

/// A `halide_do_par_for_t`: runs task(context, i, closure) for i in [min, min + size) by `parallel_for` on the default
/// backend. When one returns an error, those that have not begun are left out, and it is returned.
inline int halide_runner(void* context, halide_task_t task, int min, int size, std::uint8_t* closure) {
  detail::atomic<int> error{0};
  parallel_for(prange(size).site(reinterpret_cast<std::uintptr_t>(task)), [&](index_t i) {
    if (error.load(detail::memory_order_relaxed) != 0) return;  // a hint
    const int result = halide_do_task(context, task, min + static_cast<int>(i), closure);
    if (result != 0) error.store(result, detail::memory_order_relaxed);  // the loop's end orders
  });
  return error.load(detail::memory_order_relaxed);
}

/// From now on, in the program that Halide's runtime is linked to. Results have the bits of Halide's own threads. What
/// Halide runs by halide_do_parallel_tasks, which is `async` and loops that wait for it, stays on its own.
inline void use_in_halide() { halide_set_custom_do_par_for(halide_runner); }

}  // namespace parloop::inline v0_2::plug
