// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A small number for the thread that runs a body, to index what each thread has of its own.
#pragma once

#include "default_backend.hpp"
#include "detail/base/place_in_loop.hpp"

namespace parloop::inline v0_2 {

/// The calling thread's number in the innermost loop or team whose body it runs: in [0, thread_numbers()), and no other
/// thread has it in the same loop at the same time. In a team it is `member::number()`. A thread may have another one
/// in the next chunk, so do not keep it from call to call. Outside of loops and teams 0.
///
/// Loops inside loops number their own threads: what belongs to the outer loop is to be indexed outside of the inner.
[[nodiscard]] inline int thread_number() noexcept {
  const int number = detail::current_place().number;
  return number > 0 ? number : 0;
}

/// How many numbers there are in that loop: its backend's width, whether or not as many threads take part; in a team
/// `member::size()`. Outside of loops and teams that of a loop on the default backend; for another one it is `width()`.
[[nodiscard]] inline int thread_numbers() noexcept {
  const detail::place_in_loop& here = detail::current_place();
  if (here.numbers > 0) return here.numbers;
  const backend* const b = here.of != nullptr ? here.of : detail::default_or_null();
  return b != nullptr ? b->width() : 1;
}

}  // namespace parloop::inline v0_2
