// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A few different functions at the same time: `parallel_invoke`.
#pragma once

#include <concepts>
#include <cstddef>
#include <utility>

#include "parallel_for.hpp"

namespace parloop::inline v0_2 {

namespace detail {

template <class Options, class... Functions>
auto invoke_all(backend* b, const Options& how, const Functions&... functions) {
  constexpr bool callable = (std::invocable<const Functions&> && ...);
  static_assert(callable,
                "parloop::parallel_invoke: the functions must be callable without arguments, and without changing "
                "themselves (no `mutable` lambda: capture what changes by reference)");
  if constexpr (callable) {
    return detail::for_each_position(b, how, static_cast<index_t>(sizeof...(Functions)), [&](index_t i) {
      index_t k = 0;
      ((k++ == i ? static_cast<void>(functions()) : void()), ...);
    });
  }
}

}  // namespace detail

/// Calls f(), g(), ... once each, at the same time on `b` where that pays, so none may wait for another; returns when
/// all have ended; what they wrote is visible then. What they return is dropped. The first exception is rethrown when
/// the calls that have started have ended; the remaining ones are skipped.
///     parallel_invoke([&] { sort(left); }, [&] { sort(right); });
template <detail::callee... Functions>
void parallel_invoke(backend& b, const Functions&... functions) {
  detail::invoke_all(&b, options(), functions...);
}

/// The same on the default backend.
template <detail::callee... Functions>
void parallel_invoke(const Functions&... functions) {
  detail::invoke_all(nullptr, options(), functions...);
}

/// The same, run as the options say.
template <detail::setting Options, detail::callee... Functions>
auto parallel_invoke(backend& b, const Options& how, const Functions&... functions) {
  return detail::invoke_all(&b, how, functions...);
}

/// The same on the default backend.
template <detail::setting Options, detail::callee... Functions>
auto parallel_invoke(const Options& how, const Functions&... functions) {
  return detail::invoke_all(nullptr, how, functions...);
}

}  // namespace parloop::inline v0_2
