// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The body of a loop, and what is remembered of it from loop to loop. For detail/loop/run_chunks.hpp.
#pragma once

#include <cstdint>

#include "../../index.hpp"
#include "../base/atomic.hpp"
#include "../base/compare.hpp"
#include "sharing_trials.hpp"

namespace parloop::inline v0_2::detail {

/// A loop's body, chunk(begin, end), with its type erased: one function in two forms.
struct loop_body {
  void (*plain)(const void* chunk, index_t begin, index_t end);      // throws what the body throws
  void (*guarded)(void* call, index_t begin, index_t end) noexcept;  // for a backend; `call` is a loop_call
  const void* chunk;

  template <class Chunk>
  [[gnu::noinline]] static void run(const void* chunk, index_t begin, index_t end) {
    (*static_cast<const Chunk*>(chunk))(begin, end);
  }
  void operator()(index_t begin, index_t end) const { plain(chunk, begin, end); }
};

/// What is remembered of the loops over one type of body: how many ticks an iteration took, the smaller of the last two
/// measurements, because bodies of one type may do different work (functions behind a pointer). Relaxed: hints; a wrong
/// one is found out by the next probe or chunk.
class body_memory {
 public:
  /// Negative: never measured.
  [[nodiscard]] float iteration() const noexcept {
    const float taken = iteration_.load(memory_order_relaxed);
    return taken > 0 ? taken : -1;
  }
  void remember(float ticks_taken) noexcept {
    constexpr float least = 1e-6F;  // on coarse clocks loops may take no time
    const float taken = larger(ticks_taken, least);
    const float before = last_.load(memory_order_relaxed);
    iteration_.store(before > 0 && before < taken ? before : taken, memory_order_relaxed);
    last_.store(taken, memory_order_relaxed);
  }

  sharing_trials after_pause;  ///< of loops that have to wake somebody
  sharing_trials close;        ///< of loops for which somebody is awake

 private:
  // 0: never measured, as all bits of a table of these are zero then, which costs the least to compile.
  atomic<float> iteration_{0};
  atomic<float> last_{0};
};

template <class Body>
inline constinit body_memory memory_of{};

/// The memories of loops that have keys, of all types of body; two may meet in one place, and then spoil each other's.
class keyed_memories {
 public:
  [[nodiscard]] body_memory& of(const body_memory& type, std::uint64_t key) noexcept {
    constexpr std::uint64_t golden = 0x9e3779b97f4a7c15;  // 2^64 by the golden ratio: spreads addresses and numbers
    const auto address = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(&type));
    return places_[(key * golden + address) * golden >> (64 - bits)];
  }

 private:
  static constexpr int bits = 8;
  body_memory places_[1 << bits];
};

inline constinit keyed_memories memories_with_keys{};

}  // namespace parloop::inline v0_2::detail
