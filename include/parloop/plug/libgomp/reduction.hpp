// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Reductions by tasks, as the ABI describes them. For plug/libgomp.hpp.
///
/// A description is a chain of blocks of words. Of each block d, which the compiler has filled but for what is said:
/// d[0] variables; d[1] bytes that each thread has for all of them; d[2] how these are aligned, here replaced by where
/// the memory of all threads begins; d[4] the next block, or, from here on, those of the groups around; d[6] set here:
/// the end of that memory; and from d[7] three words for each variable: its address, and where a thread's copy is in
/// its memory.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace parloop::inline v0_2::detail::gomp {

// d[5], which is the runtime's own: whose memory it is, so who gives it back.
inline constexpr std::uintptr_t shared_memory = 0;
inline constexpr std::uintptr_t made_here = 1;
inline constexpr std::uintptr_t made_here_last = 2;  // the last block before those of the groups around

inline std::uintptr_t* following(const std::uintptr_t* d) noexcept { return reinterpret_cast<std::uintptr_t*>(d[4]); }

/// Makes memory for `threads` copies, all zero, and hangs the chain before `around`.
inline void make_reductions(std::uintptr_t* d, std::uintptr_t* around, int threads) noexcept {
  while (true) {
    const std::size_t align = d[2] < sizeof(void*) ? sizeof(void*) : d[2];
    std::size_t size = d[1] * static_cast<std::size_t>(threads);
    if (size % align != 0) size += align - size % align;
    void* const memory = std::aligned_alloc(align, size != 0 ? size : align);
    if (memory == nullptr) {
      std::fputs("parloop: libgomp plug: no memory for a reduction by tasks\n", stderr);
      std::abort();
    }
    std::memset(memory, 0, size);
    d[2] = reinterpret_cast<std::uintptr_t>(memory);
    d[6] = d[2] + d[1] * static_cast<std::size_t>(threads);
    if (d[4] == 0) break;
    d[5] = made_here;
    d = following(d);
  }
  d[5] = made_here_last;
  d[4] = reinterpret_cast<std::uintptr_t>(around);
}

/// Uses the memory that another thread has made for the same construct.
inline void share_reductions(std::uintptr_t* d, const std::uintptr_t* made, std::uintptr_t* around) noexcept {
  while (true) {
    d[2] = made[2];
    d[6] = made[6];
    d[5] = shared_memory;
    if (d[4] == 0) break;
    d = following(d);
    made = following(made);
  }
  d[4] = reinterpret_cast<std::uintptr_t>(around);
}

/// Gives back the memory that make_reductions has made for the chain, if it has.
inline void release_reductions(std::uintptr_t* d) noexcept {
  while (d != nullptr && d[5] != shared_memory) {
    const bool last = d[5] == made_here_last;
    std::free(reinterpret_cast<void*>(d[2]));
    d[5] = shared_memory;
    if (last) return;
    d = following(d);
  }
}

/// A variable's address, or that of another thread's copy of it, becomes the address of thread `number`'s copy; returns
/// the variable's.
inline void* remap(const std::uintptr_t* d, void*& address, int number) noexcept {
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  for (; d != nullptr; d = following(d)) {
    const bool copy = at >= d[2] && at < d[6];
    const std::uintptr_t offset = copy ? (at - d[2]) % d[1] : 0;
    for (std::uintptr_t i = 0; i < d[0]; ++i) {
      const std::uintptr_t* const v = d + 7 + i * 3;
      if (copy ? v[1] != offset : v[0] != at) continue;
      address = reinterpret_cast<void*>(d[2] + static_cast<std::uintptr_t>(number) * d[1] + v[1]);
      return reinterpret_cast<void*>(v[0]);
    }
  }
  std::fprintf(stderr, "parloop: libgomp plug: no reduction by tasks has %p\n", address);
  std::abort();
}

}  // namespace parloop::inline v0_2::detail::gomp
