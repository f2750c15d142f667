// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// As the library's, for threads that are Relacy's and share what is thread_local.
#pragma once

namespace parloop::inline v0_2::detail {

class inside {
 public:
  explicit inside(const void* owner, std::uint32_t doors = 0) noexcept
      : owner_(owner), outer_(innermost[rl::thread_index()]), doors_(doors) {
    innermost[rl::thread_index()] = this;
  }
  inside(const inside&) = delete;
  inside& operator=(const inside&) = delete;
  ~inside() { innermost[rl::thread_index()] = outer_; }

  [[nodiscard]] static std::uint32_t doors_of(const void* owner) noexcept {
    const inside* i = innermost[rl::thread_index()];
    while (i != nullptr && i->owner_ != owner) i = i->outer_;
    return i == nullptr ? 0 : i->doors_;
  }
  static constexpr std::uint32_t a_task = 1U << 31;
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
  std::uint32_t doors_;
};

}  // namespace parloop::inline v0_2::detail
