// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Ranges whose loops can be stopped and watched: what `range::stop` and `range::progress` make. They are types of
/// their own, so that no algorithm can overlook the wish.
#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

#include "detail/base/durations.hpp"
#include "range.hpp"

namespace parloop::inline v0_2 {

/// How far a loop came.
struct [[nodiscard]] loop_result {
  index_t ran = 0;    ///< iterations that ran
  index_t total = 0;  ///< iterations of the range

  /// Whether all of them ran.
  [[nodiscard]] constexpr bool complete() const noexcept { return ran == total; }
  /// Whether both numbers are the same.
  friend constexpr bool operator==(const loop_result&, const loop_result&) = default;
};

/// Never asks a loop to stop.
struct no_stop {
  /// False.
  [[nodiscard]] static constexpr bool stop_requested() noexcept { return false; }
};
/// Nobody looks on.
struct no_progress {};
/// Whom to tell about a loop's progress, and how often at most.
template <class Callback, class Interval>
struct progress_report {
  Callback callback;  ///< called as callback(done, total)
  Interval interval;  ///< shortest time between two calls, a std::chrono duration
};

/// What can ask a loop to stop: `std::stop_token`, or a type of one's own. Asked by several threads at once.
template <class Token>
concept stop_condition = requires(const Token& token) {
  { token.stop_requested() } -> std::same_as<bool>;
};

/// What shows loops, each by an object of its own, and can be given in the place of a progress callback: a loop's
/// caller has it made by watch(total) before the loop, the loop calls it as a callback, and the caller calls its
/// ended(ran), which must not throw, after the loop, whether that ran to its end, was stopped or threw.
template <class T>
concept loop_display = requires(const T& display, index_t n) {  // no third parameter, which nvcc 13.0 crashes on
  std::declval<decltype(display.watch(n))&>()(n, n);
  requires noexcept(std::declval<decltype(display.watch(n))&>().ended(n));
};

namespace detail {
template <class Token>
constexpr void require_token() {
  static_assert(stop_condition<Token>, "parloop: a stop token has a member `bool stop_requested() const`");
}
template <class Callback>
constexpr void require_callback() {
  static_assert(
      std::is_invocable_v<const Callback&, index_t, index_t> || loop_display<Callback>,
      "parloop: a progress callback must be callable as callback(done, total) with two index_t, and without changing "
      "itself (no `mutable` lambda)");
}
}  // namespace detail

/// A range with a stop token, a progress callback, or both. `parallel_for` and `parallel_for_chunks` over one with a
/// stop token return a `loop_result`, reductions a `std::optional` that is empty when not all iterations ran.
///
/// The token is asked every 30 us or so in each thread, or between two iterations where these are longer; reductions
/// ask between blocks, of which there are up to 512. Iterations that have begun end normally. The callback gets
/// (done, total) as `index_t`: `done` grows from call to call, one thread calls at a time, and the last call, by the
/// loop's caller, is (total, total), unless the loop was stopped or threw. What it throws ends the loop as what a body
/// throws does.
template <class Range, class Stop, class Progress>
class controlled_range {
 public:
  static constexpr int dimensions = Range::dimensions;  ///< indices of an iteration
  /// Whether it has a stop token.
  static constexpr bool can_stop = !std::is_same_v<Stop, no_stop>;

  /// What range::stop and range::progress call.
  constexpr controlled_range(const Range& range, Stop stop, Progress progress)
      : range_(range), stop_(std::move(stop)), progress_(std::move(progress)) {}

  /// Number of iterations, all dimensions together.
  [[nodiscard]] constexpr index_t size() const noexcept { return range_.size(); }
  /// The range alone.
  [[nodiscard]] constexpr const Range& without_control() const noexcept { return range_; }
  /// The stop token, or `no_stop`.
  [[nodiscard]] constexpr const Stop& stop_token() const noexcept { return stop_; }
  /// The `progress_report`, or `no_progress`.
  [[nodiscard]] constexpr const Progress& reports() const noexcept { return progress_; }

  /// As the range's.
  [[nodiscard]] constexpr controlled_range grain(index_t iterations) const {
    return {range_.grain(iterations), stop_, progress_};
  }
  /// As the range's.
  [[nodiscard]] constexpr controlled_range threads(int count) const {
    return {range_.threads(count), stop_, progress_};
  }
  /// As the range's.
  [[nodiscard]] constexpr controlled_range site(std::uint64_t key) const noexcept {
    return {range_.site(key), stop_, progress_};
  }
  /// As the range's: `token` has a member `bool stop_requested() const`, as `std::stop_token` has.
  template <class Token>
  [[nodiscard]] constexpr controlled_range<Range, Token, Progress> stop(Token token) const {
    detail::require_token<Token>();
    return {range_, std::move(token), progress_};
  }
  /// Calls callback(done, total), or what a `loop_display` makes, at most once in `interval`, a std::chrono duration;
  /// without one, 50 ms.
  template <class Callback, class Interval = std::chrono::milliseconds>
  [[nodiscard]] constexpr controlled_range<Range, Stop, progress_report<Callback, Interval>> progress(
      Callback callback, Interval interval = Interval(50)) const {
    detail::require_callback<Callback>();
    return {range_, stop_, {std::move(callback), interval}};
  }

 private:
  Range range_;
  [[no_unique_address]] Stop stop_;
  [[no_unique_address]] Progress progress_;
};

namespace detail {
template <int N, stride Stride>
std::false_type controls(const range<N, Stride>&);
template <class Range, class Stop, class Progress>
std::true_type controls(const controlled_range<Range, Stop, Progress>&);
}  // namespace detail

/// What a loop can run over: a `range`, or one with a stop token, a progress callback, or both; or a class derived from
/// one of these.
template <class T>
concept loop_range = requires(const T& range) {
  detail::controls(range);
};

template <int N, stride Stride>
template <class Token>
constexpr auto range<N, Stride>::stop(Token token) const {
  return controlled_range<range, no_stop, no_progress>(*this, {}, {}).stop(std::move(token));
}

template <int N, stride Stride>
template <class Callback, class... Interval>
constexpr auto range<N, Stride>::progress(Callback callback, Interval... interval) const {
  return controlled_range<range, no_stop, no_progress>(*this, {}, {}).progress(std::move(callback), interval...);
}

}  // namespace parloop::inline v0_2
