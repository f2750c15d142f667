// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Stores that bypass the caches, for outputs that would not stay in them anyway: an ordinary store first reads the
/// line that it is going to overwrite. For detail/algorithm/elementwise.hpp.
#pragma once

#include <cstddef>

#if defined(__SSE2__)
#include <immintrin.h>
#endif
#if (defined(__unix__) || defined(__APPLE__)) && !defined(PARLOOP_PORTABLE)
#include <unistd.h>
#endif

#include "../../index.hpp"
#include "../base/atomic.hpp"
#include "../base/compare.hpp"

namespace parloop::inline v0_2::detail {

inline constexpr index_t line_bytes = 64;

/// Whether this target has streaming stores; where it has none, ordinary ones do all the work.
#if defined(__SSE2__)
inline constexpr bool has_streaming_stores = true;
#else
inline constexpr bool has_streaming_stores = false;
#endif

/// A CPU's share of the last-level cache is no larger than this on most machines: Xeons have 1.5 to 2 MiB a core, EPYCs
/// and desktops 2 to 4. A virtual machine of two CPUs sees a cache of 105 MiB that belongs to all the others, too;
/// outputs of 16 MiB take half as long there when they are streamed, also where the next loop reads them, and those of
/// 8 MiB as long (measured; copy, x + 2, a x + z).
inline constexpr index_t cache_bytes_per_cpu = index_t{4} << 20;

/// Bytes of the last-level cache that this machine's CPUs may count on; 32 MiB where nobody tells.
[[nodiscard]] inline index_t cache_share_bytes() noexcept {
  static constinit atomic<index_t> known{0};
  index_t bytes = known.load(memory_order_relaxed);  // everybody finds the same
  if (bytes != 0) return bytes;
#if defined(_SC_LEVEL3_CACHE_SIZE) && defined(_SC_LEVEL2_CACHE_SIZE)
  bytes = ::sysconf(_SC_LEVEL3_CACHE_SIZE);
  if (bytes <= 0) bytes = ::sysconf(_SC_LEVEL2_CACHE_SIZE);
#endif
  if (bytes <= 0) bytes = index_t{32} << 20;
#if defined(_SC_NPROCESSORS_ONLN)
  const index_t cpus = ::sysconf(_SC_NPROCESSORS_ONLN);
  if (cpus > 0) bytes = smaller(bytes, cpus * cache_bytes_per_cpu);
#endif
  known.store(bytes, memory_order_relaxed);
  return bytes;
}

/// Streams whole lines. `to` is aligned to a line; `from` need not be. Always inlined, because the width of the stores
/// is that of the file that is being compiled.
[[gnu::always_inline]] inline void stream_lines([[maybe_unused]] void* to, [[maybe_unused]] const void* from,
                                                [[maybe_unused]] index_t bytes) noexcept {
#if defined(__SSE2__)
  auto* target = static_cast<std::byte*>(to);
  const auto* source = static_cast<const std::byte*>(from);
  for (const std::byte* const end = source + bytes; source != end; source += line_bytes, target += line_bytes) {
#if defined(__AVX512F__)
    _mm512_stream_si512(reinterpret_cast<__m512i*>(target), _mm512_loadu_si512(source));
#elif defined(__AVX__)
    for (int at = 0; at < line_bytes; at += 32) {
      _mm256_stream_si256(reinterpret_cast<__m256i*>(target + at),
                          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(source + at)));
    }
#else
    for (int at = 0; at < line_bytes; at += 16) {
      _mm_stream_si128(reinterpret_cast<__m128i*>(target + at),
                       _mm_loadu_si128(reinterpret_cast<const __m128i*>(source + at)));
    }
#endif
  }
#endif
}

/// Streaming stores are not ordered by the atomics that tell others that a chunk has ended; when this object goes, they
/// are done.
class streaming_scope {
 public:
  streaming_scope() = default;
  streaming_scope(const streaming_scope&) = delete;
  streaming_scope& operator=(const streaming_scope&) = delete;
  ~streaming_scope() {
#if defined(__SSE2__)
    _mm_sfence();
#endif
  }
};

}  // namespace parloop::inline v0_2::detail
