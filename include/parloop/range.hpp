// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What to iterate: `prange` for one dimension, `grid` for two and three, and the options a loop carries.
#pragma once

#include <limits>
#include <utility>

#include "detail/base/throw.hpp"
#include "index.hpp"

namespace parloop::inline v0_2 {

/// Whether a range's steps are all one, known at compile time so that inner loops vectorise, or any number.
enum class stride { one, any };

/// The indices `start, start + step, ...` of one dimension, `count` of them. Every one of them is an `index_t`.
struct axis {
  index_t start = 0;  ///< the first
  index_t count = 0;  ///< how many; not negative
  index_t step = 1;   ///< from one to the next; not zero

  /// The index at `position`, which lies in [0, count).
  [[nodiscard]] constexpr index_t operator[](index_t position) const noexcept {
    // Unsigned, because position * step alone may leave the type even where the sum does not.
    return static_cast<index_t>(static_cast<std::uint64_t>(start) +
                                static_cast<std::uint64_t>(position) * static_cast<std::uint64_t>(step));
  }
  friend constexpr bool operator==(const axis&, const axis&) = default;  ///< whether all three are the same
};

/// How a loop is to run; rides on the range. Zero means that the library chooses.
struct loop_options {
  index_t grain = 0;       ///< smallest chunk, in iterations
  int threads = 0;         ///< most threads that may work on the loop, the caller included
  std::uint32_t site = 0;  ///< a hash of the loop's key among those over one type of body; zero: there is but one
};

namespace detail {
constexpr index_t checked_grain(index_t iterations) {
  if (iterations < 0) throw_invalid_argument("parloop: the grain must not be negative");
  return iterations;
}
constexpr int checked_threads(int count) {
  if (count < 0) throw_invalid_argument("parloop: the number of threads must not be negative");
  return count;
}
/// Two words hold all options, which are then passed on in registers; a key is spread by the golden ratio.
constexpr std::uint32_t site_of(std::uint64_t key) noexcept {
  const auto spread = static_cast<std::uint32_t>(key * 0x9e3779b97f4a7c15 >> 32);
  return spread == 0 && key != 0 ? 1 : spread;
}
}  // namespace detail

/// An N-dimensional index space in row-major order (the last index runs fastest) and the options of the loop over it.
template <int N, stride Stride = stride::one>
class range {
  static_assert(N >= 1 && N <= 3, "parloop::range: one, two or three dimensions");

 public:
  static constexpr int dimensions = N;  ///< indices of an iteration

  /// Throws `std::length_error` when the number of iterations exceeds `index_t`.
  template <class... Axes>
  requires(sizeof...(Axes) == N) explicit constexpr range(Axes... axes) : axes_{axes...} {
    for (const axis& a : axes_) {
      if (a.count == 0) {
        size_ = 0;
        return;
      }
    }
    for (const axis& a : axes_) {
      if (size_ > (std::numeric_limits<index_t>::max)() / a.count) {
        detail::throw_length_error("parloop: the range has more than 2^63 - 1 iterations");
      }
      size_ *= a.count;
    }
  }

  /// Number of iterations, all dimensions together.
  [[nodiscard]] constexpr index_t size() const noexcept { return size_; }
  /// Number of indices along dimension `d`; 0 is the slowest.
  [[nodiscard]] constexpr index_t extent(int d) const noexcept { return axes_[d].count; }
  /// The indices along dimension `d`; 0 is the slowest.
  [[nodiscard]] constexpr const axis& along(int d) const noexcept { return axes_[d]; }
  [[nodiscard]] constexpr const loop_options& options() const noexcept { return options_; }  ///< how loops are to run

  /// The same range whose chunks hold at least `iterations` (all dimensions together); 0: the library measures and
  /// chooses. Throws `std::invalid_argument` when negative.
  [[nodiscard]] constexpr range grain(index_t iterations) const {
    range changed = *this;
    changed.options_.grain = detail::checked_grain(iterations);
    return changed;
  }

  /// The same range, worked on by at most `count` threads, the caller included; 0: as many as the backend has and as
  /// pay. Throws `std::invalid_argument` when negative.
  [[nodiscard]] constexpr range threads(int count) const {
    range changed = *this;
    changed.options_.threads = detail::checked_threads(count);
    return changed;
  }

  /// The same range, whose loops are known by the type of their body *and* `key`: for programs that run different loops
  /// by one type, such as a `std::function` or a function pointer, for which the library would remember one time of an
  /// iteration. Any number that is the loop's own, for instance the function's address; 0: by the type alone. There
  /// are 256 places for what is remembered; of some twenty keys two are likely to share one.
  [[nodiscard]] constexpr range site(std::uint64_t key) const noexcept {
    range changed = *this;
    changed.options_.site = detail::site_of(key);
    return changed;
  }

  /// The same range, whose loops end early when token.stop_requested(): a `controlled_range`, and in its header.
  template <class Token>
  [[nodiscard]] constexpr auto stop(Token token) const;
  /// The same range, whose loops call callback(done, total) at most once in `interval`, else in 50 ms; as `stop`.
  template <class Callback, class... Interval>
  [[nodiscard]] constexpr auto progress(Callback callback, Interval... interval) const;

 private:
  axis axes_[N];
  index_t size_ = 1;
  loop_options options_;
};

template <class T>
inline constexpr bool is_range = false;  ///< whether T is a `range`
template <int N, stride Stride>
inline constexpr bool is_range<range<N, Stride>> = true;  ///< every `range` is one

/// Any `range<N, Stride>`, as made by `prange` and `grid`.
template <class T>
concept index_range = is_range<std::remove_cvref_t<T>>;

namespace detail {

template <index_like Start, index_like Stop>
constexpr axis ascending(Start start, Stop stop, std::uint64_t step) {
  constexpr index_t highest = (std::numeric_limits<index_t>::max)();
  if (!std::cmp_less(start, stop)) return {};
  if (std::cmp_greater(start, highest)) throw_out_of_range("parloop: the range's start does not fit in index_t");
  // Modulo 2^64 this distance is right even where the signed difference would overflow.
  const bool beyond = std::cmp_greater(stop, highest);
  const std::uint64_t last = beyond ? static_cast<std::uint64_t>(highest) : static_cast<std::uint64_t>(stop) - 1;
  const std::uint64_t steps = (last - static_cast<std::uint64_t>(start)) / step;
  if (steps >= static_cast<std::uint64_t>(highest)) {
    throw_length_error("parloop: the range has more than 2^63 - 1 iterations");
  }
  const std::uint64_t final_index = static_cast<std::uint64_t>(start) + steps * step;
  // start + (steps + 1) * step is beyond the type; asked in the way that cannot overflow, is it still before stop?
  const bool misses_some = std::cmp_less(start, 0) && final_index > static_cast<std::uint64_t>(highest)
                               ? final_index + step < static_cast<std::uint64_t>(stop)
                               : static_cast<std::uint64_t>(stop) - final_index > step;
  if (beyond && misses_some) {
    throw_out_of_range("parloop: the range reaches indices that do not fit in index_t");
  }
  return {static_cast<index_t>(start), static_cast<index_t>(steps + 1), static_cast<index_t>(step)};
}

template <index_like Start, index_like Stop>
constexpr axis descending(Start start, Stop stop, std::uint64_t step_down) {
  if (!std::cmp_greater(start, stop)) return {};
  if (std::cmp_greater(start, (std::numeric_limits<index_t>::max)())) {
    throw_out_of_range("parloop: the range's start does not fit in index_t");
  }
  const std::uint64_t distance = static_cast<std::uint64_t>(start) - static_cast<std::uint64_t>(stop);
  const std::uint64_t steps = (distance - 1) / step_down;
  if (steps >= static_cast<std::uint64_t>((std::numeric_limits<index_t>::max)())) {
    throw_length_error("parloop: the range has more than 2^63 - 1 iterations");
  }
  return {static_cast<index_t>(start), static_cast<index_t>(steps + 1), static_cast<index_t>(0 - step_down)};
}

template <index_like Start, index_like Stop, index_like Step>
constexpr axis make_axis(Start start, Stop stop, Step step) {
  if (step == 0) throw_invalid_argument("parloop: the range's step must not be zero");
  if (std::cmp_less(step, 0)) return descending(start, stop, 0 - static_cast<std::uint64_t>(step));
  return ascending(start, stop, static_cast<std::uint64_t>(step));
}

}  // namespace detail

/// The indices 0, 1, ... stop - 1; none when `stop` is not positive.
template <index_like Stop>
[[nodiscard]] constexpr range<1> prange(Stop stop) {
  return range<1>(detail::ascending(0, stop, 1));
}

/// The indices start, start + 1, ... stop - 1, as Python's `range`. The arguments may be of different types and signs.
/// Throws `std::out_of_range` when an index does not fit in `index_t`, `std::length_error` when their number does not.
template <index_like Start, index_like Stop>
[[nodiscard]] constexpr range<1> prange(Start start, Stop stop) {
  return range<1>(detail::ascending(start, stop, 1));
}

/// The indices start, start + step, ... up to, not including, `stop`, as Python's `range`; a negative step counts down.
/// Throws as the two-argument form, and `std::invalid_argument` when `step` is zero.
template <index_like Start, index_like Stop, index_like Step>
[[nodiscard]] constexpr range<1, stride::any> prange(Start start, Stop stop, Step step) {
  return range<1, stride::any>(detail::make_axis(start, stop, step));
}

/// Does not compile, and says why: the arguments are integers.
template <class... Arguments>
requires(sizeof...(Arguments) >= 1 && sizeof...(Arguments) <= 3 && !(index_like<Arguments> && ...))
    [[nodiscard]] constexpr range<1> prange(Arguments...) {
  static_assert(
      (index_like<Arguments> && ...),
      "parloop::prange: start, stop and step must be integers of at most 64 bits (index_like); for steps of a "
      "fraction, compute the value from the index in the body");
  return range<1>(axis{});
}

/// The pairs (y, x) in [0, ny) x [0, nx), row-major; none when an extent is not positive.
template <index_like Rows, index_like Columns>
[[nodiscard]] constexpr range<2> grid(Rows ny, Columns nx) {
  return range<2>(detail::ascending(0, ny, 1), detail::ascending(0, nx, 1));
}

/// The triples (z, y, x) in [0, nz) x [0, ny) x [0, nx), row-major; none when an extent is not positive.
template <index_like Planes, index_like Rows, index_like Columns>
[[nodiscard]] constexpr range<3> grid(Planes nz, Rows ny, Columns nx) {
  return range<3>(detail::ascending(0, nz, 1), detail::ascending(0, ny, 1), detail::ascending(0, nx, 1));
}

/// The product of one-dimensional ranges, for instance `grid(prange(1, ny - 1), prange(1, nx - 1))`, row-major. Their
/// options are not taken over.
template <stride... Strides>
requires(sizeof...(Strides) >= 2) [[nodiscard]] constexpr auto grid(const range<1, Strides>&... ranges) {
  constexpr bool all_one = ((Strides == stride::one) && ...);
  return range < static_cast<int>(sizeof...(Strides)), all_one ? stride::one : stride::any > (ranges.along(0)...);
}

}  // namespace parloop::inline v0_2
