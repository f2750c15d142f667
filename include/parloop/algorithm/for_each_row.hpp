// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Functions over whole rows, or columns, of two-dimensional arrays; scalars and single rows are broadcast.
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "../detail/base/throw.hpp"
#include "../view.hpp"
#include "parallel_for.hpp"

namespace parloop::inline v0_2 {

/// An argument of `for_each_row` and `for_each_column` that has one element for each row, or column.
template <class T>
struct one_each {
  /// `v` has as many elements as there are rows, or columns.
  constexpr explicit one_each(const view<T, 1>& v) noexcept : elements(v) {}
  view<T, 1> elements;  ///< one for each row, or column
};

/// A column of a two-dimensional array: `column[i]`, `column.size()`.
template <class T>
class column_of {
 public:
  /// `count` elements from `first` on, each `stride` elements after the one before.
  constexpr column_of(T* first, index_t count, index_t stride) noexcept
      : first_(first), count_(count), stride_(stride) {}
  /// The element of row `i`, which lies in [0, size()).
  [[nodiscard]] constexpr T& operator[](index_t i) const noexcept { return first_[i * stride_]; }
  /// Number of elements: the array's rows.
  [[nodiscard]] constexpr index_t size() const noexcept { return count_; }

 private:
  T* first_;
  index_t count_;
  index_t stride_;
};

namespace detail {

enum class line { row, column };
inline constexpr index_t any_number = -1;

/// What an argument is: how many lines it has, how long they are, and what the function gets for one. Here: a scalar.
template <line Line, class T>
struct line_argument {
  static_assert(std::is_arithmetic_v<T>,
                "parloop::for_each_row: an argument is a view of one or two dimensions, one_each(view), or a number");
  static index_t lines(const T&) { return any_number; }
  static index_t length(const T&) { return any_number; }
  static std::string shape(const T&) { return "a number"; }
  static T at(const T& value, index_t) { return value; }
};

template <class T>
struct line_argument<line::row, view<T, 2>> {
  static index_t lines(const view<T, 2>& v) { return v.extent(0); }
  static index_t length(const view<T, 2>& v) { return v.extent(1); }
  static std::string shape(const view<T, 2>& v) { return shape_text(v); }
  static std::span<T> at(const view<T, 2>& v, index_t y) {
    return {v.data() + y * v.extent(1), static_cast<std::size_t>(v.extent(1))};
  }
};

template <class T>
struct line_argument<line::column, view<T, 2>> {
  static index_t lines(const view<T, 2>& v) { return v.extent(1); }
  static index_t length(const view<T, 2>& v) { return v.extent(0); }
  static std::string shape(const view<T, 2>& v) { return shape_text(v); }
  static column_of<T> at(const view<T, 2>& v, index_t x) { return {v.data() + x, v.extent(0), v.extent(1)}; }
};

template <line Line, class T>
struct line_argument<Line, view<T, 1>> {
  static_assert(std::is_const_v<T>,
                "parloop::for_each_row: a row that is shared by all rows has to be constant: view<const T, 1>. For one "
                "element per row, write one_each(view)");
  static index_t lines(const view<T, 1>&) { return any_number; }
  static index_t length(const view<T, 1>& v) { return v.extent(0); }
  static std::string shape(const view<T, 1>& v) { return shape_text(v) + " (shared)"; }
  static std::span<T> at(const view<T, 1>& v, index_t) { return {v.data(), static_cast<std::size_t>(v.extent(0))}; }
};

template <line Line, class T>
struct line_argument<Line, one_each<T>> {
  static index_t lines(const one_each<T>& o) { return o.elements.extent(0); }
  static index_t length(const one_each<T>&) { return any_number; }
  static std::string shape(const one_each<T>& o) { return shape_text(o.elements) + " (one each)"; }
  static T& at(const one_each<T>& o, index_t y) { return o.elements(y); }
};

/// Finds the one number that all arguments agree on, and throws when they do not.
class agreement {
 public:
  agreement(const char* name, const char* what) : name_(name), what_(what) {}
  void add(int argument, index_t number, const std::string& shape) {
    if (number == any_number) return;
    if (argument_ != 0 && number != number_) {
      detail::throw_error(std::invalid_argument(std::string("parloop::") + name_ + ": " + what_ + " differ: argument " +
                                                std::to_string(argument_) + " is " + shape_ + ", argument " +
                                                std::to_string(argument) + " is " + shape));
    }
    if (argument_ != 0) return;
    argument_ = argument;
    number_ = number;
    shape_ = shape;
  }
  [[nodiscard]] index_t number() const noexcept { return number_; }

 private:
  const char* name_;
  const char* what_;
  int argument_ = 0;  // the first that has a number
  index_t number_ = 0;
  std::string shape_;
};

template <line Line, class Options, class F, class... Arguments>
auto for_each_line(backend* b, const Options& how, const char* name, const F& f, const Arguments&... arguments) {
  constexpr bool callable =
      std::is_invocable_v<const F&, decltype(line_argument<Line, Arguments>::at(arguments, index_t{}))...>;
  static_assert(callable,
                "parloop::for_each_row: the function must be callable with a std::span (in for_each_column: a "
                "column_of) for each view, an element for each one_each and a number for each number, and without "
                "changing itself (no `mutable` lambda: capture what changes by reference)");
  if constexpr (callable) {
    agreement lines(name, Line == line::row ? "the numbers of rows" : "the numbers of columns");
    agreement lengths(name, "the lengths");
    int argument = 0;
    ((++argument, lines.add(argument, line_argument<Line, Arguments>::lines(arguments),
                            line_argument<Line, Arguments>::shape(arguments))),
     ...);
    argument = 0;
    ((++argument, lengths.add(argument, line_argument<Line, Arguments>::length(arguments),
                              line_argument<Line, Arguments>::shape(arguments))),
     ...);
    return detail::for_each_position(b, how, lines.number(),
                                     [&](index_t i) { f(line_argument<Line, Arguments>::at(arguments, i)...); });
  }
}

}  // namespace detail

/// Calls f once for every row, in parallel on `b` where that pays, with what each argument has for it: a `std::span` of
/// a `view<T, 2>`; an element of a `one_each(view)`; the whole of a `view<const T, 1>`, and numbers, which all rows
/// share. Rows are as many, and as long, in all arguments, else `std::invalid_argument` is thrown, naming both shapes.
/// Exceptions of `f` as in `parallel_for`.
///     for_each_row([](auto x, double a, auto y) { for (...) y[i] = a * x[i]; }, matrix, one_each(factors), result);
template <detail::callee F, class... Arguments>
requires(sizeof...(Arguments) >= 1) void for_each_row(backend& b, const F& f, const Arguments&... arguments) {
  detail::for_each_line<detail::line::row>(&b, options(), "for_each_row", f, arguments...);
}

/// The same on the default backend.
template <detail::callee F, class... Arguments>
requires(sizeof...(Arguments) >= 1) void for_each_row(const F& f, const Arguments&... arguments) {
  detail::for_each_line<detail::line::row>(nullptr, options(), "for_each_row", f, arguments...);
}

/// The same, run as the options say.
template <detail::setting Options, class F, class... Arguments>
requires(sizeof...(Arguments) >= 1) auto for_each_row(backend& b, const Options& how, const F& f,
                                                      const Arguments&... arguments) {
  return detail::for_each_line<detail::line::row>(&b, how, "for_each_row", f, arguments...);
}

/// The same on the default backend.
template <detail::setting Options, class F, class... Arguments>
requires(sizeof...(Arguments) >= 1) auto for_each_row(const Options& how, const F& f, const Arguments&... arguments) {
  return detail::for_each_line<detail::line::row>(nullptr, how, "for_each_row", f, arguments...);
}

/// As `for_each_row`, for columns: of a `view<T, 2>` f gets a `column_of`, whose elements are a row apart in memory.
template <detail::callee F, class... Arguments>
requires(sizeof...(Arguments) >= 1) void for_each_column(backend& b, const F& f, const Arguments&... arguments) {
  detail::for_each_line<detail::line::column>(&b, options(), "for_each_column", f, arguments...);
}

/// The same on the default backend.
template <detail::callee F, class... Arguments>
requires(sizeof...(Arguments) >= 1) void for_each_column(const F& f, const Arguments&... arguments) {
  detail::for_each_line<detail::line::column>(nullptr, options(), "for_each_column", f, arguments...);
}

/// The same, run as the options say.
template <detail::setting Options, class F, class... Arguments>
requires(sizeof...(Arguments) >= 1) auto for_each_column(backend& b, const Options& how, const F& f,
                                                         const Arguments&... arguments) {
  return detail::for_each_line<detail::line::column>(&b, how, "for_each_column", f, arguments...);
}

/// The same on the default backend.
template <detail::setting Options, class F, class... Arguments>
requires(sizeof...(Arguments) >= 1) auto for_each_column(const Options& how, const F& f,
                                                         const Arguments&... arguments) {
  return detail::for_each_line<detail::line::column>(nullptr, how, "for_each_column", f, arguments...);
}

}  // namespace parloop::inline v0_2
