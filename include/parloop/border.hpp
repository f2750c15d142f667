// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What a stencil reads beyond the edges of its input.
#pragma once

#include <utility>

namespace parloop::inline v0_2 {

/// What a stencil reads beyond the edges of its input, each dimension by itself, here for a b c d.
namespace border {
/// v v | a b c d | v v
template <class T>
struct constant {
  /// Every element beyond the edges is `v`.
  constexpr explicit constant(T v) : value(std::move(v)) {}
  T value;  ///< what is read beyond the edges
};
/// a a | a b c d | d d
struct nearest {};
/// b a | a b c d | d c
struct reflect {};
/// c d | a b c d | a b
struct wrap {};
}  // namespace border

}  // namespace parloop::inline v0_2
