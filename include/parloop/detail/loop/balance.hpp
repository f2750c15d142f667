// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Whether help pays, by what it has gained and cost of late. For detail/loop/pace.hpp.
#pragma once

#include "../base/compare.hpp"
#include "../base/ticks.hpp"

namespace parloop::inline v0_2::detail {

/// Gains and losses, summed within limits; losses are forgotten by halves. While the sum is a loss, help costs so much
/// more: on a busy machine a helper may be stopped in the middle of its chunk, for a time slice of milliseconds, and
/// the loop's caller waits. Where that is rare, as when a host takes a virtual CPU away now and then, what help gains
/// in between pays for it; where it is not, help is tried again some five times a second, which costs a few per cent.
class balance {
 public:
  static constexpr std::chrono::nanoseconds half_life = std::chrono::milliseconds(30);
  static constexpr std::chrono::nanoseconds most_credit = std::chrono::milliseconds(3);
  /// With more a caller that was stopped for so long once would run alone what help makes many times as fast.
  static constexpr std::chrono::nanoseconds most_debt = std::chrono::milliseconds(2);
  /// Less is too little to matter.
  static constexpr std::chrono::nanoseconds tolerated = std::chrono::microseconds(200);

  /// To be called before the rest.
  void learn_the_clock() noexcept {
    half_life_ = to_ticks(half_life);
    most_credit_ = static_cast<double>(to_ticks(most_credit));
    most_debt_ = static_cast<double>(to_ticks(most_debt));
    tolerance_ = static_cast<double>(to_ticks(tolerated));
  }

  /// In ticks, like all that follows.
  [[nodiscard]] double tolerance() const noexcept { return tolerance_; }

  [[gnu::noinline]] void add(ticks when, double gain) noexcept {
    forget(when);
    sum_ = smaller(larger(sum_ + gain, -most_debt_), most_credit_);
  }

  /// What has been lost, as far as it is not forgotten; 0 when that is too little to matter.
  [[nodiscard]] double debt(ticks when) noexcept {
    forget(when);
    return sum_ < -tolerance_ ? -sum_ : 0;
  }

 private:
  /// What is too little to matter is forgotten at once.
  void forget(ticks when) noexcept {
    for (; sum_ < 0 && when - counted_ > half_life_; counted_ += half_life_) {
      sum_ = sum_ < -tolerance_ ? sum_ / 2 : 0;
    }
    if (sum_ >= 0) counted_ = when;
  }

  double sum_ = 0;
  ticks counted_ = 0;  // until when it is forgotten
  ticks half_life_ = 0;
  double most_credit_ = 0;
  double most_debt_ = 0;
  double tolerance_ = 0;
};

}  // namespace parloop::inline v0_2::detail
