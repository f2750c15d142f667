// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How many threads a backend's loops use while the quota of its control group changes. For team.hpp and
/// team_backend.hpp.
#pragma once

#include "../base/atomic.hpp"
#include "../base/compare.hpp"
#include "../base/cpu_count.hpp"
#include "../base/ticks.hpp"

namespace parloop::inline v0_2::detail {

/// A backend's width stays what it was made with; when the quota is smaller, fewer threads are asked to help. The quota
/// is asked for once a second at most, which takes some 100 us: by a worker that has just helped, so that no caller
/// waits for it; by a caller only while its loops get fewer threads than the width, as there may be no such worker.
///
/// Relaxed throughout: how many threads help affects no result.
class followed_quota {
 public:
  static constexpr std::chrono::nanoseconds interval = std::chrono::seconds(1);

  /// `follows`: whether the width came from the quota; a number that somebody has asked for stays. `root` as that of
  /// cpu_count, for tests.
  [[gnu::cold]] followed_quota(int width, bool follows, const char* root = "") noexcept
      : root_(root), width_(width), follows_(follows && width > 1), threads_(width), asked_(follows_ ? now() : 0) {}

  /// As last seen, at most the width and at least 1.
  [[nodiscard]] int threads() const noexcept { return threads_.load(memory_order_relaxed); }

  [[nodiscard]] bool is_due(ticks time) const noexcept {
    return follows_ && time - asked_.load(memory_order_relaxed) > to_ticks(interval);
  }

  /// Asks, unless somebody else is about to.
  [[gnu::cold, gnu::noinline]] void ask(ticks time) noexcept {
    ticks before = asked_.load(memory_order_relaxed);
    if (!is_due(time) || !asked_.compare_exchange_strong(before, time, memory_order_relaxed)) return;
    const int cpus = quota_in_cpus(root_);
    threads_.store(cpus == 0 ? width_ : smaller(cpus, width_), memory_order_relaxed);
  }

 private:
  const char* root_;
  int width_;
  bool follows_;
  atomic<int> threads_;
  atomic<ticks> asked_;
};

}  // namespace parloop::inline v0_2::detail
