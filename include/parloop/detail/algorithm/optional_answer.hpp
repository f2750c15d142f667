// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What a verb that can be stopped and returns a value answers. Apart from control.hpp, as loops that return none do
/// without <optional>. For algorithm/.
#pragma once

#include <optional>

#include "control.hpp"

namespace parloop::inline v0_2::detail {

/// The result of a verb, for those that can be stopped only when all of it is there.
template <class T, class Stop, class Progress>
auto answer(control<Stop, Progress>& watch, T&& value) {
  const bool complete = watch.end().complete();
  if constexpr (std::is_same_v<Stop, no_stop>) {
    return std::forward<T>(value);
  } else {
    return complete ? std::optional<T>(std::forward<T>(value)) : std::nullopt;
  }
}
template <class T>
T answer(uncontrolled&, T&& value) {
  return std::forward<T>(value);
}

}  // namespace parloop::inline v0_2::detail
