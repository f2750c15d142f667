// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Which iterations of a loop nobody has taken yet, and whose they are. For detail/team/range_stealing.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>

#include "../base/atomic.hpp"
#include "../base/compare.hpp"

namespace parloop::inline v0_2::detail {

/// Most threads that one loop is dealt to.
inline constexpr int most_participants = 256;

/// A share for each participant: a stretch of positions in one atomic word, which is the whole truth about who runs
/// them. To take some is to shrink the word by compare-exchange. The owner takes from the front, others from the back.
/// Only the owner refills its share, and only when it is empty, when nobody else changes it. Every operation is
/// relaxed: the word carries its own value, and what the body reads and writes is ordered by the backend's start and
/// end of the loop.
class shares {
 public:
  /// Of positions.
  struct stretch {
    std::uint32_t begin;
    std::uint32_t end;
  };

  shares() noexcept {}  // NOLINT: deal makes those that are used
  shares(const shares&) = delete;
  shares& operator=(const shares&) = delete;
  ~shares() = default;  // they are trivially destructible

  /// Equal shares for so many, but for `extra` that the first has more. Remainders are spread. To be called once.
  [[gnu::noinline]] void deal(int participants, std::uint32_t all, std::uint32_t extra) noexcept {
    const auto count = static_cast<std::uint32_t>(participants);
    const std::uint32_t each = (all - extra) / count;
    const std::uint32_t remainder = (all - extra) % count;
    std::uint32_t begin = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t end = begin + each + (i < remainder ? 1 : 0) + (i == 0 ? extra : 0);
      ::new (static_cast<void*>(&all_[i])) share(stretch{begin, end});
      begin = end;
    }
  }

  /// Of this participant.
  [[nodiscard]] atomic<stretch>& of(int number) noexcept { return all_[number].left; }

  /// Takes the back half of somebody's share, or all of one that is no longer than `crumb()`; nothing if all are empty.
  /// Of many shares it looks at those of the thief's own group first, then at the others, but not where somebody has
  /// found nothing: each look costs a line's way.
  template <class Crumb>
  [[nodiscard]] stretch steal(int thief, int participants, Crumb crumb) noexcept {
    if (participants <= group) return steal_from(0, participants, crumb);
    const int groups = (participants - 1) / group + 1;
    int g = thief / group;
    for (int left = groups; left > 0; --left) {
      const stretch stolen = steal_from_group(g, participants, crumb);
      if (stolen.begin != stolen.end) return stolen;
      g = g + 1 < groups ? g + 1 : 0;
    }
    return {};
  }

  /// Puts what the thief does not run at once into its share, which is empty.
  void refill(int thief, int participants, stretch stolen) noexcept {
    if (stolen.begin == stolen.end) return;
    if (participants <= group) return of(thief).store(stolen, memory_order_relaxed);
    // A mark that is wrong costs help, never iterations: who has a share runs it. So relaxed is enough; that this is an
    // exchange keeps most processors from reading the mark before others see the share.
    of(thief).exchange(stolen, memory_order_relaxed);
    atomic<bool>& dry = is_dry(thief / group);
    if (dry.load(memory_order_relaxed)) dry.store(false, memory_order_relaxed);
  }

 private:
  static constexpr int group = 16;

  struct alignas(64) share {
    explicit share(stretch all) noexcept : left(all) {}
    atomic<stretch> left;
    atomic<bool> dry{false};  // in a group's first: all of it is empty, as far as is known
  };

  [[nodiscard]] atomic<bool>& is_dry(int g) noexcept { return all_[static_cast<std::size_t>(g) * group].dry; }

  template <class Crumb>
  [[nodiscard, gnu::noinline]] stretch steal_from_group(int g, int participants, Crumb crumb) noexcept {
    atomic<bool>& dry = is_dry(g);
    if (dry.load(memory_order_relaxed)) return {};
    const int first = g * group;
    const int end = smaller(first + group, participants);
    stretch stolen = steal_from(first, end, crumb);
    if (stolen.begin != stolen.end) return stolen;
    dry.exchange(true, memory_order_relaxed);
    stolen = steal_from(first, end, crumb);  // somebody may have refilled a share meanwhile, and not seen the mark
    if (stolen.begin != stolen.end) dry.store(false, memory_order_relaxed);
    return stolen;
  }

  /// From the largest of these shares.
  template <class Crumb>
  [[nodiscard]] stretch steal_from(int first, int end, Crumb crumb) noexcept {
    while (true) {
      int victim = -1;
      stretch seen{};
      std::uint32_t largest = 0;
      for (int i = first; i < end; ++i) {
        const stretch s = of(i).load(memory_order_relaxed);
        if (s.end - s.begin > largest) {
          largest = s.end - s.begin;
          victim = i;
          seen = s;
        }
      }
      if (victim < 0) return {};
      const std::uint32_t middle = largest <= crumb() ? seen.begin : seen.begin + largest / 2;
      if (of(victim).compare_exchange_strong(seen, {seen.begin, middle}, memory_order_relaxed)) {
        return {middle, seen.end};
      }
    }
  }

  union {
    share all_[most_participants];
  };
};

}  // namespace parloop::inline v0_2::detail
