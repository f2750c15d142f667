// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// For the model: what keeps a gang's threads off CPUs decides nothing about who waits for whom. But who wakes a thread
/// writes here what the thread reads, so the model has one variable that says whether the two are ordered.
#pragma once

namespace parloop::inline v0_2::detail {

struct taken_cpus {
  explicit taken_cpus(bool) noexcept {}
};

class gang_affinity {
 public:
  void begin() noexcept { place_($).store(0); }
  void before_sleep() noexcept { place_($).store(1); }
  void after_wakeup() noexcept { (void)place_($).load(); }
  void before_wake(taken_cpus&) noexcept { place_($).store(place_($).load() + 1); }

 private:
  rl::var<int> place_;
};

}  // namespace parloop::inline v0_2::detail
