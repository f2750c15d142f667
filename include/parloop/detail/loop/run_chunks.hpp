// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What happens to a loop before a backend sees it, written once for all of them: its body's type is erased; empty
/// loops, and those that are known to be too small to share, run here. For algorithm/.
#pragma once

#include "../../default_backend.hpp"
#include "loop_call.hpp"

namespace parloop::inline v0_2::detail {

/// Runs the iterations [0, n) by `body`, in chunks that begin at a multiple of the grain, on `b`, or on the default
/// backend where that is null, if it pays.
///
/// The way through a loop that is known to be small is all here, and touches no backend: it runs in its caller under
/// the clock. After a pause of the program each cache line of code or data costs some 0.1 us (measured), so it is
/// short.
inline void run_loop(backend* b, index_t n, loop_options options, body_memory& memory, const loop_body& body) {
  const scoped_place place({0, 0, b});
  if (n <= 1) {
    if (n == 1) body(0, 1);
    return;
  }
  const double predicted = static_cast<double>(memory.iteration()) * static_cast<double>(n);
  const ticks start = now();
  pace& here = pace_here;
  index_t done = 0;
  if (predicted >= 0 && predicted < here.not_worth_asking(start, b)) [[likely]] {
    // One grain first, then an eighth: what is remembered may be wrong, and iterations of any length.
    done = smaller(n, larger<index_t>(options.grain, 1));
    body(0, done);
    const double expected = here.as_expected(predicted);
    if (const index_t eighth = n / 8; done < eighth && static_cast<double>(now() - start) < expected) {
      const index_t more = options.grain <= 1 ? eighth : ((eighth - 1) / options.grain + 1) * options.grain;
      body(done, more);
      done = more;
    }
    if (done == n || static_cast<double>(now() - start) < expected) [[likely]] {
      if (done < n) body(done, n);
      const ticks end = now();
      memory.remember(static_cast<float>(end - start) / static_cast<float>(n));
      here.note_small(end, n, predicted, static_cast<double>(end - start), memory.close);
      return;
    }
  }
  loop_call::run(b, n, options, memory, body, start, done);
}

/// Runs chunk(begin, end) over the n iterations on `b`, null meaning the default backend; `Chunk` is what the call site
/// is known by. Only what depends on that type is compiled anew for each loop. An exception of the chunk is rethrown
/// when every chunk that has started has ended.
template <class Chunk>
void run_chunks(backend* b, index_t n, loop_options options, const Chunk& chunk) {
  // What is learned of one default says nothing of another, so the loop is known by the backend itself.
  if (b == nullptr) b = default_if_made();
  body_memory& memory = options.site == 0 ? memory_of<Chunk> : memories_with_keys.of(memory_of<Chunk>, options.site);
  run_loop(b, n, options, memory, {&loop_body::run<Chunk>, &loop_call::run_chunk<Chunk>, &chunk});
}

}  // namespace parloop::inline v0_2::detail
