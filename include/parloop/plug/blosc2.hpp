// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// c-blosc2's compression and decompression on this library's threads.
#pragma once

#include <blosc2.h>

#include "../algorithm/parallel_for.hpp"
#include "../detail/base/atomic.hpp"

namespace parloop::inline v0_2::plug {

/// A `blosc_threads_callback`: runs job(data + i * size) for i in [0, jobs) by `parallel_for` on the default backend.
/// Jobs begin in their order, so one may wait for what an earlier one writes.
inline void blosc2_runner(void* /*argument*/, void (*job)(void*), int jobs, std::size_t size, void* data) {
  detail::atomic<int> next{0};
  parallel_for(prange(jobs).grain(1), [&](index_t) {
    const int i = next.fetch_add(1, detail::memory_order_relaxed);  // who runs what; the loop's end orders
    job(static_cast<char*>(data) + static_cast<std::size_t>(i) * size);
  });
}

/// From now on, for all contexts, each of which still says by its `nthreads` into how many jobs its work is cut; with 1
/// there is no loop. Call it before other functions of c-blosc2, none of which may run meanwhile. In which order blocks
/// are written depends, as on c-blosc2's own threads, on which job comes first; what each block holds does not.
inline void use_in_blosc2() { blosc2_set_threads_callback(blosc2_runner, nullptr); }

}  // namespace parloop::inline v0_2::plug
