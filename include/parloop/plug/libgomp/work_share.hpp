// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What the threads of a region share of one loop or one list of sections, and how they deal its iterations. For
/// plug/libgomp.hpp.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>

#include "../../detail/base/atomic.hpp"
#include "../../detail/base/compare.hpp"
#include "../../detail/team/waited_word.hpp"
#include "control.hpp"

namespace parloop::inline v0_2::detail::gomp {

/// A loop as a program says it. Both signed and unsigned loops are counted in unsigned iterations from 0 on.
struct loop_bounds {
  std::uint64_t start = 0;
  std::uint64_t end = 0;  // as the program has it; behind the last iteration
  std::uint64_t step = 1;
  std::uint64_t count = 0;

  [[nodiscard]] static loop_bounds of_signed(long start, long end, long step) noexcept {
    const bool up = step > 0;
    return of(up, up ? start < end : start > end, static_cast<std::uint64_t>(start), static_cast<std::uint64_t>(end),
              static_cast<std::uint64_t>(step));
  }
  [[nodiscard]] static loop_bounds of_unsigned(bool up, std::uint64_t start, std::uint64_t end,
                                               std::uint64_t step) noexcept {
    return of(up, up ? start < end : start > end, start, end, step);
  }

 private:
  [[nodiscard]] static loop_bounds of(bool up, bool any, std::uint64_t start, std::uint64_t end,
                                      std::uint64_t step) noexcept {
    loop_bounds b{start, any ? end : start, step, 0};
    if (any) b.count = up ? (end - start - 1) / step + 1 : (start - end - 1) / (0 - step) + 1;
    return b;
  }
};

/// Iterations [begin, end).
struct chunk {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// The progress of one chunk of a doacross loop: one more than the last iteration that has been posted.
struct alignas(64) posted_count {
  atomic<std::uint64_t> upto{0};
};

/// The k-th such construct that the members of a region come to. Whoever comes first makes it, complete; the last to go
/// on to the next one may use its memory again.
struct work_share {
  loop_bounds bounds;
  schedule kind = schedule::fixed;
  std::uint64_t chunk_size = 0;  // fixed: 0 is one share each
  alignas(64) atomic<std::uint64_t> next{0};
  atomic<std::uint64_t> in_order{0};  // ordered: iterations that are done
  waited_word changed;                // the above has, or what has been posted
  // doacross
  unsigned dimensions = 0;
  std::unique_ptr<std::uint64_t[]> sizes;
  std::unique_ptr<posted_count[]> posted;
  // The ABI's extras: memory that all members share, and the first's description of reductions by tasks.
  void* memory = nullptr;
  std::uintptr_t* reductions = nullptr;

  alignas(64) atomic<work_share*> later{nullptr};
  atomic<int> gone_on{0};
  bool on_heap = false;

  work_share() = default;
  work_share(const work_share&) = delete;
  work_share& operator=(const work_share&) = delete;
  ~work_share() { std::free(memory); }

  /// For another construct; nobody else has it.
  void clear() noexcept {
    std::free(memory);
    memory = nullptr;
    reductions = nullptr;
    posted.reset();
    sizes.reset();
    dimensions = 0;
    next.store(0, memory_order_relaxed);  // all of this is published with the construct (region::come_to)
    in_order.store(0, memory_order_relaxed);
    later.store(nullptr, memory_order_relaxed);
    gone_on.store(0, memory_order_relaxed);
  }

  void set_loop(const loop_bounds& b, unsigned kind_and_modifiers, std::uint64_t size) noexcept {
    bounds = b;
    kind = static_cast<schedule>(kind_and_modifiers & ~monotonic);
    if (kind == schedule::automatic || kind == schedule::runtime) kind = schedule::fixed;
    chunk_size = kind != schedule::fixed && size == 0 ? 1 : size;
  }

  /// The member's next chunk; `trip` counts them. False: there is none.
  [[nodiscard]] bool take(chunk& taken, std::uint64_t& trip, int number, int size) noexcept {
    switch (kind) {
      case schedule::dynamic:
        return take_dynamic(taken);
      case schedule::guided:
        return take_guided(taken, static_cast<std::uint64_t>(size));
      default:
        return take_fixed(taken, trip, static_cast<std::uint64_t>(number), static_cast<std::uint64_t>(size));
    }
  }

  /// Which entry of `posted` a doacross loop's outermost iteration belongs to.
  [[nodiscard]] std::uint64_t entry_of(std::uint64_t i, int size) const noexcept {
    if (kind != schedule::fixed || chunk_size != 0) return i / chunk_size;
    const auto members = static_cast<std::uint64_t>(size);
    const std::uint64_t each = bounds.count / members;
    const std::uint64_t more = bounds.count % members;  // so many members have one more
    const std::uint64_t in_longer = more * (each + 1);
    return i < in_longer ? i / (each + 1) : more + (i - in_longer) / each;
  }
  [[nodiscard]] std::uint64_t entries(int size) const noexcept {
    return bounds.count == 0 ? 0 : entry_of(bounds.count - 1, size) + 1;
  }

 private:
  // Who runs what: relaxed throughout, as construct and barrier order the rest.

  [[nodiscard]] bool take_dynamic(chunk& taken) noexcept {
    const std::uint64_t n = bounds.count;
    std::uint64_t begin = next.load(memory_order_relaxed);
    constexpr std::uint64_t safe = std::uint64_t{1} << 62;  // so many cannot be passed by adding
    if (n < safe && chunk_size < (std::uint64_t{1} << 40)) {
      if (begin >= n) return false;
      begin = next.fetch_add(chunk_size, memory_order_relaxed);
      if (begin >= n) return false;
      taken = {begin, begin + smaller(chunk_size, n - begin)};
      return true;
    }
    while (begin < n) {
      const std::uint64_t end = begin + smaller(chunk_size, n - begin);
      if (!next.compare_exchange_weak(begin, end, memory_order_relaxed)) continue;
      taken = {begin, end};
      return true;
    }
    return false;
  }

  [[nodiscard]] bool take_guided(chunk& taken, std::uint64_t members) noexcept {
    const std::uint64_t n = bounds.count;
    std::uint64_t begin = next.load(memory_order_relaxed);
    while (begin < n) {
      const std::uint64_t left = n - begin;
      const std::uint64_t part = left / members + (left % members != 0 ? 1 : 0);
      const std::uint64_t end = begin + smaller(left, larger(part, chunk_size));
      if (!next.compare_exchange_weak(begin, end, memory_order_relaxed)) continue;
      taken = {begin, end};
      return true;
    }
    return false;
  }

  [[nodiscard]] bool take_fixed(chunk& taken, std::uint64_t& trip, std::uint64_t number,
                                std::uint64_t members) const noexcept {
    const std::uint64_t n = bounds.count;
    if (chunk_size == 0) {
      if (trip++ != 0) return false;
      const std::uint64_t each = n / members;
      const std::uint64_t more = n % members;
      taken.begin = number * each + smaller(number, more);
      taken.end = taken.begin + each + (number < more ? 1 : 0);
      return taken.begin < taken.end;
    }
    const std::uint64_t chunks = n / chunk_size + (n % chunk_size != 0 ? 1 : 0);
    if (trip > chunks / members) return false;
    const std::uint64_t which = trip++ * members + number;
    if (which >= chunks) return false;
    taken.begin = which * chunk_size;
    taken.end = taken.begin + smaller(chunk_size, n - taken.begin);
    return true;
  }
};

}  // namespace parloop::inline v0_2::detail::gomp
