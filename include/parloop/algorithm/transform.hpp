// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Element-wise operations on arrays: `transform`, `generate`, `fill` and `copy`.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "../detail/algorithm/elementwise.hpp"

namespace parloop::inline v0_2 {

namespace detail {

template <class T>
concept no_backend = !std::derived_from<std::remove_cvref_t<T>, backend>;

template <class T>
concept elements = no_backend<T> && requires(T& array) {
  { std::begin(array) } -> std::random_access_iterator;
  { std::size(array) } -> std::convertible_to<std::size_t>;
};

/// Where an array's elements are: a pointer when they lie in one piece.
template <class Array>
[[nodiscard]] auto place_of(Array& array) {
  if constexpr (requires { std::data(array); }) {
    return std::data(array);
  } else {
    return scattered<decltype(std::begin(array))>{std::begin(array)};
  }
}
template <class Array>
[[nodiscard]] auto source_of(const Array& array) {
  if constexpr (requires { std::data(array); }) {
    return static_cast<const std::remove_pointer_t<decltype(std::data(array))>*>(std::data(array));
  } else {
    return detail::place_of(array);
  }
}

template <class Array>
[[nodiscard]] index_t count_of(const Array& array) {
  return static_cast<index_t>(std::size(array));
}

[[noreturn, gnu::cold, gnu::noinline]] inline void refuse_sizes(const char* name, int input, index_t size,
                                                                index_t expected) {
  throw std::invalid_argument(std::string("parloop::") + name + ": input " + std::to_string(input) + " has " +
                              std::to_string(size) + " elements, but the output has " + std::to_string(expected));
}
[[noreturn, gnu::cold, gnu::noinline]] inline void refuse_overlap(const char* name, int input) {
  throw std::invalid_argument(std::string("parloop::") + name + ": the output overlaps input " + std::to_string(input) +
                              " without being the same array");
}

/// Throws unless one input has as many elements as the output and is the same array, or apart from it.
template <class Out, class In>
void require_fit(const char* name, int input, index_t n, Out out, index_t size, In in) {
  if (size != n) [[unlikely]]
    refuse_sizes(name, input, size, n);
  if constexpr (std::is_pointer_v<Out> && std::is_pointer_v<In>) {
    const auto to = reinterpret_cast<std::uintptr_t>(out);
    const auto from = reinterpret_cast<std::uintptr_t>(in);
    if (to == from && sizeof(*out) == sizeof(*in)) return;
    const auto count = static_cast<std::uintptr_t>(n);
    const bool apart = from + count * sizeof(*in) <= to || to + count * sizeof(*out) <= from;
    if (!apart) [[unlikely]]
      refuse_overlap(name, input);
  }
}

template <class Output>
inline constexpr bool writable_elements = [] {
  using reference = decltype(*std::begin(std::declval<std::remove_reference_t<Output>&>()));
  return std::is_lvalue_reference_v<reference> && !std::is_const_v<std::remove_reference_t<reference>>;
}();

/// Checks at compile time what the user passed, and runs the loop.
template <class Output, class F, class... Sources>
void write_elements(backend* b, Output& output, const F& f, const Sources&... in) {
  static_assert(writable_elements<Output>,
                "parloop: the output's elements must be objects that can be written: not const, and no proxies like "
                "those of std::vector<bool>, which several threads cannot write at once");
  constexpr bool callable = requires { typename result_of<F, Sources...>; };
  static_assert(callable,
                "parloop::transform: the function must be callable with one element of each input (in generate: with "
                "an index_t), and without changing itself (no `mutable` lambda: capture what changes by reference)");
  if constexpr (writable_elements<Output> && callable) {
    using element = std::remove_reference_t<decltype(*std::begin(output))>;
    constexpr bool fits = std::is_assignable_v<element&, result_of<F, Sources...>>;
    static_assert(fits, "parloop: the values cannot be assigned to the output's elements");
    if constexpr (fits) detail::elementwise(b, detail::count_of(output), detail::place_of(output), f, in...);
  }
}

template <class Output, class F, class... Inputs>
void transform_arrays(const char* name, backend* b, Output& output, const F& f, const Inputs&... inputs) {
  int input = 0;
  (detail::require_fit(name, ++input, detail::count_of(output), detail::place_of(output), detail::count_of(inputs),
                       detail::source_of(inputs)),
   ...);
  detail::write_elements(b, output, f, detail::source_of(inputs)...);
}

/// The function of a fill.
template <class T>
struct constant {
  T value;
  const T& operator()() const noexcept { return value; }
};

template <class Output, class T>
void fill_array(backend* b, Output& output, const T& value) {
  using element = std::remove_reference_t<decltype(*std::begin(output))>;
  if constexpr (std::is_arithmetic_v<element> && std::is_arithmetic_v<T>) {
    detail::write_elements(b, output, constant<std::remove_const_t<element>>{static_cast<element>(value)});
  } else {
    detail::write_elements(b, output,
                           constant<std::decay_t<const T&>>{value});  // a copy: it may be one of the elements
  }
}

/// The arguments are the inputs, the output, the function.
template <std::size_t... Input, class Arguments>
void transform_arguments(backend* b, std::index_sequence<Input...>, const Arguments& arguments) {
  constexpr bool arrays = (elements<std::tuple_element_t<Input, Arguments>> && ...);
  constexpr std::size_t count = sizeof...(Input);
  constexpr bool all = arrays && elements<std::tuple_element_t<count, Arguments>>;
  static_assert(all,
                "parloop::transform: the arguments are one or more inputs, the output, and the function; inputs and "
                "output are arrays, spans or other random-access containers");
  if constexpr (all) {
    detail::transform_arrays("transform", b, std::get<count>(arguments), std::get<count + 1>(arguments),
                             std::get<Input>(arguments)...);
  }
}

}  // namespace detail

/// `transform([backend,] inputs..., output, f)`: output[i] = f(inputs[i]...) for every element, in parallel where that
/// pays. One or more inputs, as many elements each as the output, whose elements exist already: arrays, spans,
/// containers with random access. The output may be an input itself, but not overlap one otherwise. Throws
/// `std::invalid_argument` when sizes or places do not fit, and what `f` throws; which elements were written then is
/// not specified. Outputs larger than these CPUs' share of the last-level cache, 4 MiB each, are written past it.
template <class... InputsOutputFunction>
requires(sizeof...(InputsOutputFunction) >= 3) void transform(backend& b, InputsOutputFunction&&... arguments) {
  detail::transform_arguments(&b, std::make_index_sequence<sizeof...(arguments) - 2>(),
                              std::forward_as_tuple(arguments...));
}

/// The same on the default backend.
template <detail::no_backend First, class... InputsOutputFunction>
requires(sizeof...(InputsOutputFunction) >= 2) void transform(First&& first, InputsOutputFunction&&... arguments) {
  detail::transform_arguments(static_cast<backend*>(nullptr), std::make_index_sequence<sizeof...(arguments) - 1>(),
                              std::forward_as_tuple(first, arguments...));
}

/// output[i] = f(i) for every position i, in parallel on `b` where that pays; otherwise as `transform`.
template <detail::elements Output, class F>
void generate(backend& b, Output&& output, const F& f) {
  detail::write_elements(&b, output, f, detail::own_index());
}

/// The same on the default backend.
template <detail::elements Output, class F>
void generate(Output&& output, const F& f) {
  detail::write_elements(static_cast<backend*>(nullptr), output, f, detail::own_index());
}

/// Assigns `value` to every element of `output`, in parallel on `b` where that pays; otherwise as `transform`.
template <detail::elements Output, class T>
void fill(backend& b, Output&& output, const T& value) {
  detail::fill_array(&b, output, value);
}

/// The same on the default backend.
template <detail::elements Output, class T>
void fill(Output&& output, const T& value) {
  detail::fill_array(static_cast<backend*>(nullptr), output, value);
}

/// output[i] = input[i] for every element, in parallel on `b` where that pays; otherwise as `transform`.
template <detail::elements Input, detail::elements Output>
void copy(backend& b, const Input& input, Output&& output) {
  detail::transform_arrays("copy", &b, output, detail::same_value(), input);
}

/// The same on the default backend.
template <detail::elements Input, detail::elements Output>
void copy(const Input& input, Output&& output) {
  detail::transform_arrays("copy", static_cast<backend*>(nullptr), output, detail::same_value(), input);
}

}  // namespace parloop::inline v0_2
