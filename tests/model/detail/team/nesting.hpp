// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// As the library's, for threads that are Relacy's and share what is thread_local.
#pragma once

namespace parloop::inline v0_2::detail {

enum class nested_loops : int { in_their_caller, shared };

using door_set = std::uint64_t;
[[nodiscard]] constexpr door_set one_door(int number) noexcept { return door_set{1} << number; }

class inside {
 public:
  explicit inside(const void* owner, door_set doors = 0) noexcept
      : owner_(owner), outer_(innermost[rl::thread_index()]), doors_(doors) {
    innermost[rl::thread_index()] = this;
  }
  inside(const inside&) = delete;
  inside& operator=(const inside&) = delete;
  ~inside() { innermost[rl::thread_index()] = outer_; }

  [[nodiscard]] static door_set doors_of(const void* owner) noexcept {
    const inside* i = innermost[rl::thread_index()];
    while (i != nullptr && i->owner_ != owner) i = i->outer_;
    return i == nullptr ? 0 : i->doors_;
  }
  static constexpr door_set a_task = one_door(63);
  [[nodiscard]] static const void* batch_here() noexcept {
    const inside* const i = innermost[rl::thread_index()];
    return i != nullptr && i->doors_ == a_task ? i->owner_ : nullptr;
  }
  static void begin() noexcept {
    for (const inside*& i : innermost) i = nullptr;
  }

 private:
  static inline const inside* innermost[model::most_threads] = {};
  const void* owner_;
  const inside* outer_;
  door_set doors_;
};

}  // namespace parloop::inline v0_2::detail
