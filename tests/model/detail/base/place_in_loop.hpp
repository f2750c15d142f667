// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The model's threads share what is thread_local, so they have no numbers.
#pragma once

namespace parloop::inline v0_2 {

class backend;

namespace detail {

struct place_in_loop {
  int number = 0;
  int numbers = 0;
  const backend* of = nullptr;
};
struct scoped_place {
  explicit scoped_place(const place_in_loop&) noexcept {}
};

}  // namespace detail
}  // namespace parloop::inline v0_2
