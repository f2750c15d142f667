// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// libjxl's loops on this library's threads.
#pragma once

#include <jxl/parallel_runner.h>

#include "../algorithm/parallel_for.hpp"

namespace parloop::inline v0_2::plug {

/// A `JxlParallelRunner`: JxlDecoderSetParallelRunner(decoder, parloop::plug::jxl_runner, nullptr), and the same for
/// encoders. Runs by `parallel_for` on the default backend of the thread that decodes. Each of the loop's parts has a
/// thread number of its own for as long as it runs, as libjxl wants. May be used by several decoders at once.
inline JxlParallelRetCode jxl_runner(void* /*runner*/, void* context, JxlParallelRunInit init,
                                     JxlParallelRunFunction run, std::uint32_t begin, std::uint32_t end) {
  if (begin >= end) return 0;
  const auto n = static_cast<index_t>(end - begin);
  const index_t width = default_backend().width();
  const index_t parts = n < width ? n : width;
  if (const JxlParallelRetCode error = init(context, static_cast<std::size_t>(parts)); error != 0) return error;
  // One iteration a part: it has its number to itself, and takes what is next.
  detail::atomic<std::uint32_t> next{begin};
  parallel_for(prange(parts).grain(1), [&](index_t part) {
    while (true) {
      const std::uint32_t i = next.fetch_add(1, detail::memory_order_relaxed);  // who runs what; the loop's end orders
      if (i >= end) break;
      run(context, i, static_cast<std::size_t>(part));
    }
  });
  return 0;
}

}  // namespace parloop::inline v0_2::plug
