// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What one call of a marked loop came to, and the memory of the last ones. For site_record.hpp and examination.hpp.
#pragma once

#include <algorithm>

#include "../base/compare.hpp"
#include "../base/ticks.hpp"

namespace parloop::inline v0_2::detail {

/// The last values of a figure.
class last_values {
 public:
  void add(double value) noexcept {
    values_[count_ % most] = static_cast<float>(value);
    ++count_;
  }
  /// 0 when there is none.
  [[nodiscard]] double median() const noexcept {
    const std::size_t held = count_ < most ? count_ : most;
    if (held == 0) return 0;
    float sorted[most];
    std::copy_n(values_, held, sorted);
    std::nth_element(sorted, sorted + held / 2, sorted + held);
    return static_cast<double>(sorted[held / 2]);
  }

 private:
  static constexpr std::size_t most = 32;
  float values_[most] = {};
  std::size_t count_ = 0;
};

/// What one call of a loop came to. Times in ticks, CPU times in seconds.
struct call_figures {
  index_t iterations = 0;
  ticks wall = 0;
  double cpu = -1;           ///< of all threads; negative: not looked at
  bool shared = false;       ///< given to the backend
  bool alone = false;        ///< ... which was passed over, to learn what one thread needs
  bool detailed = false;     ///< the rest is known
  index_t shared_of_it = 0;  ///< iterations, those of the probe excluded
  double work = 0;           ///< CPU time in chunks; for calls that ran alone, too
  ticks in_chunks = 0;       ///< all threads together
  ticks after_sharing = 0;   ///< from the backend's start of the loop to its end
  ticks wake = 0;
  ticks tail = 0;
  double longest = 0;  ///< CPU time
  double longest_iterations = 0;
  double chunks = 0;
  double participants = 0;
};

}  // namespace parloop::inline v0_2::detail
