// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Two threads that each stream half of the output: what the memory allows. Written for large arrays.
#if defined(__SSE2__)
#include <immintrin.h>

#include <thread>

#include "loops.hpp"

namespace array_add {

namespace {

void stream(const arrays& on, long begin, long end) {
  const __m128d a = _mm_set1_pd(on.a);
  for (long i = begin; i < end; i += 2) {
    __m128d v = _mm_loadu_pd(on.x + i);
    if (on.what == work::add) v = _mm_add_pd(v, a);
    if (on.what == work::axpy) v = _mm_add_pd(_mm_mul_pd(a, v), _mm_loadu_pd(on.z + i));
    _mm_stream_pd(on.y + i, v);
  }
  _mm_sfence();
}

}  // namespace

void run_streaming_limit(const arrays& on) {
  const long half = on.n / 16 * 8;
  std::thread other([&] { stream(on, half, on.n); });
  stream(on, 0, half);
  other.join();
}

}  // namespace array_add
#endif
