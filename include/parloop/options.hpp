// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The options of loops over arrays, which have no range for them to ride on: `options().threads(2)`.
#pragma once

#include <type_traits>
#include <utility>

#include "controlled_range.hpp"

namespace parloop::inline v0_2 {

/// How a verb that takes no range is to run, in the words of the ranges and with their meaning. It stands where
/// `parallel_for` has its range: first, or behind the backend.
///     transform(options().threads(2), x, y, f);
///     fill(pool, options().grain(4096).stop(token).progress(report), x, 0.0);
///
/// What a range counts in iterations is counted in elements here, those of the output; in rows or columns by
/// `for_each_row` and `for_each_column`, in functions by `parallel_invoke`; `stencil_steps` reports on the elements of
/// all its steps. The grain is rounded up where a verb works in blocks (scans, and outputs that are written past the
/// caches). With a stop token a verb returns a `loop_result`, or, if it returns a value anyway, a `std::optional` that
/// is empty when it was stopped; what has been written stays. Results are the same with any grain and threads.
template <class Stop = no_stop, class Progress = no_progress>
class options {
 public:
  /// Whether there is a stop token.
  static constexpr bool can_stop = !std::is_same_v<Stop, no_stop>;

  /// The library chooses.
  constexpr options() = default;
  /// What stop and progress call.
  constexpr options(const loop_options& limits, Stop stop, Progress progress)
      : limits_(limits), stop_(std::move(stop)), progress_(std::move(progress)) {}

  /// The grain and the number of threads.
  [[nodiscard]] constexpr const loop_options& limits() const noexcept { return limits_; }
  /// The stop token, or `no_stop`.
  [[nodiscard]] constexpr const Stop& stop_token() const noexcept { return stop_; }
  /// The `progress_report`, or `no_progress`.
  [[nodiscard]] constexpr const Progress& reports() const noexcept { return progress_; }

  /// The same, with chunks of at least so many elements, rows or columns; 0: the library measures and chooses. Throws
  /// `std::invalid_argument` when negative.
  [[nodiscard]] constexpr options grain(index_t elements) const {
    return {{detail::checked_grain(elements), limits_.threads}, stop_, progress_};
  }
  /// The same, worked on by at most `count` threads at a time, the caller included; 0: as many as the backend has and
  /// as pay. Throws `std::invalid_argument` when negative.
  [[nodiscard]] constexpr options threads(int count) const {
    return {{limits_.grain, detail::checked_threads(count)}, stop_, progress_};
  }
  /// The same, but ends early when token.stop_requested(): see `controlled_range`.
  template <class Token>
  [[nodiscard]] constexpr options<Token, Progress> stop(Token token) const {
    detail::require_token<Token>();
    return {limits_, std::move(token), progress_};
  }
  /// The same, but calls callback(done, total), or what a `loop_display` makes, at most once in `interval`: see
  /// `controlled_range`.
  template <class Callback, class Interval = std::chrono::milliseconds>
  [[nodiscard]] constexpr options<Stop, progress_report<Callback, Interval>> progress(
      Callback callback, Interval interval = Interval(50)) const {
    detail::require_callback<Callback>();
    return {limits_, stop_, {std::move(callback), interval}};
  }

 private:
  loop_options limits_;
  [[no_unique_address]] Stop stop_;
  [[no_unique_address]] Progress progress_;
};

namespace detail {

template <class Stop, class Progress>
std::true_type has_options(const options<Stop, Progress>&);

/// Options, or a class derived from them.
template <class T>
concept some_options = requires(const T& how) {
  detail::has_options(how);
};

/// What stands where options may: also a range, so that the verb can say what is wrong with it.
template <class T>
concept setting = some_options<std::remove_cvref_t<T>> || loop_range<std::remove_cvref_t<T>>;

}  // namespace detail

}  // namespace parloop::inline v0_2
