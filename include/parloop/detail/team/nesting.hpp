// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Whose chunks the current thread is running, innermost first. For backends that treat nested loops differently.
#pragma once

#include <cstdint>

namespace parloop::inline v0_2::detail {

/// What becomes of a loop inside a chunk of another: it runs in its caller, or idle workers, and callers that wait for
/// the end of a loop around it, may help.
enum class nested_loops : int { in_their_caller, shared };

/// Some of a team's doors (job_slots.hpp), a bit each.
using door_set = std::uint64_t;
[[nodiscard]] constexpr door_set one_door(int number) noexcept { return door_set{1} << number; }

/// Says for its lifetime that this thread runs chunks for `owner`. Lives on the stack.
class inside {
 public:
  /// `doors`: which loops of its owner they are part of, a bit each (detail/team/team.hpp).
  explicit inside(const void* owner, door_set doors = 0) noexcept : owner_(owner), outer_(innermost), doors_(doors) {
    innermost = this;
  }
  inside(const inside&) = delete;
  inside& operator=(const inside&) = delete;
  ~inside() { innermost = outer_; }

  /// Whether the calling thread runs a chunk for `owner`, at any depth.
  [[nodiscard]] static bool of(const void* owner) noexcept { return find(owner) != nullptr; }

  /// The doors of the innermost loop of `owner` that the calling thread runs a chunk of; none outside of such loops.
  [[nodiscard]] static door_set doors_of(const void* owner) noexcept {
    const inside* found = find(owner);
    return found == nullptr ? 0 : found->doors_;
  }

  /// In place of doors: the owner is a batch of tasks, of which the thread runs one (LAUNCH.md).
  static constexpr door_set a_task = one_door(63);
  /// The batch of the task that the calling thread runs, if it is in no chunk of a loop inside; else null.
  [[nodiscard]] static const void* batch_here() noexcept {
    const inside* const i = innermost;
    return i != nullptr && i->doors_ == a_task ? i->owner_ : nullptr;
  }

 private:
  static const inside* find(const void* owner) noexcept {
    const inside* i = innermost;
    while (i != nullptr && i->owner_ != owner) i = i->outer_;
    return i;
  }

  static thread_local constinit inline const inside* innermost = nullptr;
  const void* owner_;
  const inside* outer_;
  door_set doors_;
};

}  // namespace parloop::inline v0_2::detail
