// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Whose chunks the current thread is running, innermost first. For backends that run nested loops in their caller.
#pragma once

namespace parloop::inline v0::detail {

/// Says for its lifetime that this thread runs chunks for `owner`. Lives on the stack.
class inside {
 public:
  explicit inside(const void* owner) noexcept : owner_(owner), outer_(innermost) { innermost = this; }
  inside(const inside&) = delete;
  inside& operator=(const inside&) = delete;
  ~inside() { innermost = outer_; }

  /// Whether the calling thread runs a chunk for `owner`, at any depth.
  [[nodiscard]] static bool of(const void* owner) noexcept {
    for (const inside* i = innermost; i != nullptr; i = i->outer_) {
      if (i->owner_ == owner) return true;
    }
    return false;
  }

 private:
  static thread_local constinit inline const inside* innermost = nullptr;
  const void* owner_;
  const inside* outer_;
};

}  // namespace parloop::inline v0::detail
