// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// For the model: a thread may be on any CPU at any time, whoever moves it.
#pragma once

namespace parloop::inline v0::detail {

class placement {
 public:
  explicit placement(int /*workers*/) noexcept {}
  void lie_down(int /*number*/) noexcept {}
  void get_up(int /*number*/) noexcept {}
  void spread() noexcept {}
};

}  // namespace parloop::inline v0::detail
