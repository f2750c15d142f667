// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The backend that runs every loop in its caller.
#pragma once

#include "../backend.hpp"

namespace parloop::inline v0_2 {

/// Runs the whole loop on the calling thread, in ascending order.
class serial final : public backend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "serial"; }
  [[nodiscard]] int width() const noexcept override { return 1; }
  [[nodiscard]] help_offered help() const noexcept override { return {never}; }
  void run(const loop& work) override { work.chunk(0, work.n); }
  [[nodiscard]] team_rules teams() const noexcept override { return {1, idle::adaptive()}; }
};

}  // namespace parloop::inline v0_2
