// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Erases the type of a loop's chunk function, the only thing that is compiled anew for every loop. For algorithm/.
#pragma once

#include "../../default_backend.hpp"
#include "run_chunks.hpp"

namespace parloop::inline v0_2::detail {

/// Runs chunk(begin, end) over the n iterations on `b`, null meaning the default backend; `Chunk` is what the call site
/// is known by.
template <class Chunk>
void run_erased(backend* b, index_t n, loop_options options, const Chunk& chunk) {
  const body_fn erased{[](void* c, index_t begin, index_t end) { (*static_cast<const Chunk*>(c))(begin, end); },
                       const_cast<void*>(static_cast<const void*>(&chunk))};
  // What is learned of one default says nothing of another, so the loop is known by the backend itself.
  if (b == nullptr) b = default_if_made();
  body_memory& memory = options.site == 0 ? memory_of<Chunk> : memories_with_keys.of(memory_of<Chunk>, options.site);
  run_chunks(b, &default_or_null, n, options, memory, erased);
}

}  // namespace parloop::inline v0_2::detail
