// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// For the model: a thread may be on any CPU at any time, whoever steers it.
#pragma once

namespace parloop::inline v0_2::detail {

class wake_affinity {
 public:
  explicit wake_affinity(int /*workers*/) noexcept {}
  void begin(int /*number*/) noexcept {}
  void before_start(int /*number*/) noexcept {}
  void not_started(int /*number*/) noexcept {}
  template <class Thread>
  void after_start(int /*number*/, Thread& /*started*/) noexcept {}
  void before_sleep(int /*number*/) noexcept {}
  bool after_sleep(int /*number*/) noexcept { return false; }
  void after_wakeup(int /*number*/) noexcept {}
  void step_aside(int /*number*/) noexcept {}
  void before_wake(int /*count*/) noexcept {}
};

}  // namespace parloop::inline v0_2::detail
