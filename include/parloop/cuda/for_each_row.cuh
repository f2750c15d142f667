// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Functions over whole rows, or columns, of two-dimensional device arrays; scalars and single rows are broadcast.
#pragma once

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "launch.hpp"
#include "operand.hpp"

namespace parloop::inline v0_2::cuda {

/// An argument of `for_each_row` and `for_each_column` that has one element for each row, or column.
template <class T>
struct one_each {
  /// `v` has as many elements as there are rows, or columns.
  explicit one_each(const device_view<T>& v) : elements(v) {}
  explicit one_each(device_array<std::remove_const_t<T>>& a) : elements(a.view()) {}  ///< of all of an array
  /// To be read only.
  explicit one_each(const device_array<std::remove_const_t<T>>& a) requires(std::is_const_v<T>) : elements(a.view()) {}
  device_view<T> elements;  ///< one for each row, or column
};
/// `one_each(array)`.
template <class T>
one_each(device_array<T>&) -> one_each<T>;
/// `one_each(array)` of an array that is not to be written.
template <class T>
one_each(const device_array<T>&) -> one_each<const T>;

/// What a function gets of a line of elements: `row[i]`, `row.size()`, and iteration. In device code.
template <class T>
class row_of {
 public:
  /// `count` elements from `first` on.
  __device__ row_of(T* first, index_t count) : first_(first), count_(count) {}
  /// Element `i`, which lies in [0, size()).
  [[nodiscard]] __device__ T& operator[](index_t i) const { return first_[i]; }
  [[nodiscard]] __device__ index_t size() const { return count_; }     ///< number of elements
  [[nodiscard]] __device__ T* data() const { return first_; }          ///< the first element
  [[nodiscard]] __device__ T* begin() const { return first_; }         ///< the first element
  [[nodiscard]] __device__ T* end() const { return first_ + count_; }  ///< behind the last one

 private:
  T* first_;
  index_t count_;
};

/// A column of a two-dimensional array: `column[i]`, `column.size()`. In device code.
template <class T>
class column_of {
 public:
  /// `count` elements from `first` on, each `stride` elements after the one before.
  __device__ column_of(T* first, index_t count, index_t stride) : first_(first), count_(count), stride_(stride) {}
  /// The element of row `i`, which lies in [0, size()).
  [[nodiscard]] __device__ T& operator[](index_t i) const { return first_[i * stride_]; }
  [[nodiscard]] __device__ index_t size() const { return count_; }  ///< number of elements: the array's rows

 private:
  T* first_;
  index_t count_;
  index_t stride_;
};

namespace detail {

enum class line { row, column };
inline constexpr index_t any_number = -1;

/// How many lines an argument has, how long they are, for messages what it is, and on which device it lies.
struct line_facts {
  index_t lines;
  index_t length;
  std::string shape;
  int device;
};

/// What an argument is, and what the function gets for one line. Here: a number.
template <line Line, class T>
struct line_argument {
  static_assert(std::is_arithmetic_v<T>,
                "parloop::cuda::for_each_row: an argument is an array or view of one or two dimensions, one_each(...), "
                "or a number");
  static line_facts facts(const T&) { return {any_number, any_number, "a number", -1}; }
  static __device__ T at(const T& value, index_t) { return value; }
};
template <class T>
struct line_argument<line::row, device_view<T, 2>> {
  static line_facts facts(const device_view<T, 2>& v) {
    return {v.extent(0), v.extent(1), shape_text(v.extents()), v.device()};
  }
  static __device__ row_of<T> at(const device_view<T, 2>& v, index_t y) {
    return {v.data() + y * v.extent(1), v.extent(1)};
  }
};
template <class T>
struct line_argument<line::column, device_view<T, 2>> {
  static line_facts facts(const device_view<T, 2>& v) {
    return {v.extent(1), v.extent(0), shape_text(v.extents()), v.device()};
  }
  static __device__ column_of<T> at(const device_view<T, 2>& v, index_t x) {
    return {v.data() + x, v.extent(0), v.extent(1)};
  }
};
template <line Line, class T>
struct line_argument<Line, device_view<T, 1>> {
  static_assert(
      std::is_const_v<T>,
      "parloop::cuda::for_each_row: a row that is shared by all rows has to be constant: std::as_const(array). "
      "For one element per row, write one_each(array)");
  static line_facts facts(const device_view<T, 1>& v) {
    return {any_number, v.extent(0), shape_text(v.extents()) + " (shared)", v.device()};
  }
  static __device__ row_of<T> at(const device_view<T, 1>& v, index_t) { return {v.data(), v.extent(0)}; }
};
template <line Line, class T>
struct line_argument<Line, one_each<T>> {
  static line_facts facts(const one_each<T>& o) {
    return {o.elements.extent(0), any_number, shape_text(o.elements.extents()) + " (one each)", o.elements.device()};
  }
  static __device__ T& at(const one_each<T>& o, index_t y) { return o.elements[y]; }
};

/// A thread per line; a launch's lines begin with `first`.
template <line Line, class F, class... Arguments>
__global__ void __launch_bounds__(threads_per_block)
    lines_kernel(index_t first, index_t end, F f, Arguments... arguments) {
  const index_t i = first + static_cast<index_t>(std::uint64_t{blockIdx.x} * threads_per_block + threadIdx.x);
  if (i >= end) return;
  f(line_argument<Line, Arguments>::at(arguments, i)...);
}

/// The number that all facts agree on, and throws `std::invalid_argument` when they do not.
inline index_t agreed(std::initializer_list<line_facts> all, index_t line_facts::*number, const char* name,
                      const char* what) {
  const line_facts* first = nullptr;
  for (const line_facts& each : all) {
    if (each.*number == any_number) continue;
    if (first == nullptr) first = &each;
    if (each.*number == first->*number) continue;
    throw std::invalid_argument(std::string("parloop: ") + name + ": " + what + " differ: argument " +
                                std::to_string(first - all.begin() + 1) + " is " + first->shape + ", argument " +
                                std::to_string(&each - all.begin() + 1) + " is " + each.shape);
  }
  return first != nullptr ? first->*number : 0;
}

template <line Line, class F, class... Arguments>
void for_each_line(const on_stream& at, const char* name, const F& f, const Arguments&... arguments) {
  const std::initializer_list<line_facts> facts = {line_argument<Line, Arguments>::facts(arguments)...};
  const int device = current_device(at.where());
  for (const line_facts& each : facts) {
    if (each.device >= 0) require_device(each.device, device, name);
  }
  const index_t lines =
      agreed(facts, &line_facts::lines, name, Line == line::row ? "the numbers of rows" : "the numbers of columns");
  agreed(facts, &line_facts::length, name, "the lengths");
  constexpr auto most = static_cast<index_t>(max_grid_x * threads_per_block);
  for (index_t first = 0; first < lines; first += most) {
    const auto count = static_cast<std::uint64_t>(std::min(lines - first, most));
    launch(at, name, {dim3(static_cast<unsigned>(ceil_div(count, threads_per_block))), dim3(threads_per_block)},
           lines_kernel<Line, F, Arguments...>, first, lines, f, arguments...);
  }
}

/// An argument as the kernel takes it: arrays as views.
template <class T>
[[nodiscard]] const T& line_operand(const T& argument) {
  return argument;
}
template <class T, int N>
[[nodiscard]] device_view<T, N> line_operand(device_array<T, N>& a) {
  return a.view();
}
template <class T, int N>
[[nodiscard]] device_view<const T, N> line_operand(const device_array<T, N>& a) {
  return a.view();
}

}  // namespace detail

/// Queues a call of f for every row, each by one thread, with what each argument has for it: a `row_of` a 2-D array or
/// view; an element of a `one_each(array)`; the whole of a constant 1-D array or view, and numbers, which all rows
/// share. Rows are as many, and as long, in all arguments, else `std::invalid_argument` is thrown, naming both shapes.
/// Throws `cuda_error`. Neighbouring threads have neighbouring rows, so their accesses are a row apart: for short rows.
///     for_each_row(s, [] __device__(auto x, double a, auto y) { for (...) y[i] = a * x[i]; }, m, one_each(v), out);
template <class F, class... Arguments>
requires(sizeof...(Arguments) >= 1) void for_each_row(on_stream at, const F& f, Arguments&&... arguments) {
  detail::for_each_line<detail::line::row>(at, "for_each_row", f, detail::line_operand(arguments)...);
}

/// As `for_each_row`, for columns: of a 2-D array f gets a `column_of`. Here the accesses of neighbouring threads are
/// neighbours in memory.
template <class F, class... Arguments>
requires(sizeof...(Arguments) >= 1) void for_each_column(on_stream at, const F& f, Arguments&&... arguments) {
  detail::for_each_line<detail::line::column>(at, "for_each_column", f, detail::line_operand(arguments)...);
}

}  // namespace parloop::inline v0_2::cuda
