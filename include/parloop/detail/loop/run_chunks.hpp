// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What happens to a loop before a backend sees it, written once for all of them: empty loops, those that are known to
/// be too small to share, and the way of all others. For algorithm/.
#pragma once

#include "loop_call.hpp"

namespace parloop::inline v0_2::detail {

[[gnu::noinline]] inline void run_long(backend* b, backend* (*fallback)() noexcept, index_t n, loop_options options,
                                       body_memory& site, body_fn body, ticks start, index_t done) {
  loop_call(b, fallback, n, options, site, body).run(start, done);
}

/// Runs the iterations [0, n) by `body`, in chunks that begin at a multiple of the grain, on `b`, or on fallback()
/// where that is null, if it pays. An exception of the body is rethrown when every chunk that has started has ended.
///
/// The way through a loop that is known to be small is all here, and touches no backend: it runs in its caller under
/// the clock. After a pause of the program each cache line of code or data costs some 0.1 us (measured), so it is
/// short.
inline void run_chunks(backend* b, backend* (*fallback)() noexcept, index_t n, loop_options options, body_memory& site,
                       body_fn body) {
  if (n <= 1) {
    if (n == 1) body(0, 1);
    return;
  }
  const double predicted = static_cast<double>(site.iteration()) * static_cast<double>(n);
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
      site.remember(static_cast<float>(end - start) / static_cast<float>(n));
      here.note_small(end, predicted, static_cast<double>(end - start));
      return;
    }
  }
  run_long(b, fallback, n, options, site, body, start, done);
}

}  // namespace parloop::inline v0_2::detail
