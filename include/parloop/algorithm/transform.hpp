// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Element-wise operations on arrays: `transform`, `generate`, `fill` and `copy`.
#pragma once

#include <cstddef>
#include <iterator>
#include <tuple>
#include <type_traits>
#include <utility>

#include "../detail/algorithm/array_arguments.hpp"
#include "../detail/algorithm/elementwise.hpp"

namespace parloop::inline v0_2 {

namespace detail {

template <class Output>
inline constexpr bool writable_elements = [] {
  using reference = decltype(*std::begin(std::declval<std::remove_reference_t<Output>&>()));
  return std::is_lvalue_reference_v<reference> && !std::is_const_v<std::remove_reference_t<reference>>;
}();

/// Checks at compile time what the user passed, and runs the loop.
template <class Options, class Output, class F, class... Sources>
auto write_elements(backend* b, const Options& how, Output& output, const F& f, const Sources&... in) {
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
    if constexpr (fits) {
      const index_t n = detail::count_of(output);
      auto watch = detail::watch_over(how, n);
      detail::elementwise(b, n, detail::limits_of(how), watch, detail::place_of(output), f, in...);
      return detail::answer(watch);
    }
  }
}

template <class Options, class Output, class F, class... Inputs>
auto transform_arrays(const char* name, backend* b, const Options& how, Output& output, const F& f,
                      const Inputs&... inputs) {
  int input = 0;
  (detail::require_fit(name, ++input, detail::count_of(output), detail::place_of(output), detail::count_of(inputs),
                       detail::source_of(inputs)),
   ...);
  return detail::write_elements(b, how, output, f, detail::source_of(inputs)...);
}

/// The function of a fill.
template <class T>
struct constant {
  T value;
  const T& operator()() const noexcept { return value; }
};

template <class Options, class Output, class T>
auto fill_array(backend* b, const Options& how, Output& output, const T& value) {
  using element = std::remove_reference_t<decltype(*std::begin(output))>;
  if constexpr (std::is_arithmetic_v<element> && std::is_arithmetic_v<T>) {
    return detail::write_elements(b, how, output, constant<std::remove_const_t<element>>{static_cast<element>(value)});
  } else {
    // A copy: it may be one of the elements.
    return detail::write_elements(b, how, output, constant<std::decay_t<const T&>>{value});
  }
}

/// The arguments are the inputs, the output, the function.
template <std::size_t... Input, class Options, class Arguments>
auto transform_arguments(backend* b, const Options& how, std::index_sequence<Input...>, const Arguments& arguments) {
  constexpr bool arrays = (elements<std::tuple_element_t<Input, Arguments>> && ...);
  constexpr std::size_t count = sizeof...(Input);
  constexpr bool all = arrays && elements<std::tuple_element_t<count, Arguments>>;
  static_assert(all,
                "parloop::transform: the arguments are one or more inputs, the output, and the function; inputs and "
                "output are arrays, spans or other random-access containers; options and a backend come before them");
  if constexpr (all) {
    return detail::transform_arrays("transform", b, how, std::get<count>(arguments), std::get<count + 1>(arguments),
                                    std::get<Input>(arguments)...);
  }
}

}  // namespace detail

/// `transform([backend,] [options,] inputs..., output, f)`: output[i] = f(inputs[i]...) for every element, in parallel
/// where that pays. One or more inputs, as many elements each as the output, whose elements exist already: arrays,
/// spans, containers with random access. The output may be an input itself, but not overlap one otherwise. Throws
/// `std::invalid_argument` when sizes or places do not fit, and what `f` throws; which elements were written then is
/// not specified. Outputs larger than these CPUs' share of the last-level cache, 4 MiB each, are written past it.
template <detail::operand First, class... InputsOutputFunction>
requires(sizeof...(InputsOutputFunction) >= 2) void transform(backend& b, First&& first,
                                                              InputsOutputFunction&&... arguments) {
  detail::transform_arguments(&b, options(), std::make_index_sequence<sizeof...(arguments) - 1>(),
                              std::forward_as_tuple(first, arguments...));
}

/// The same on the default backend.
template <detail::operand First, class... InputsOutputFunction>
requires(sizeof...(InputsOutputFunction) >= 2) void transform(First&& first, InputsOutputFunction&&... arguments) {
  detail::transform_arguments(nullptr, options(), std::make_index_sequence<sizeof...(arguments) - 1>(),
                              std::forward_as_tuple(first, arguments...));
}

/// The same, run as the options say.
template <detail::setting Options, class... InputsOutputFunction>
requires(sizeof...(InputsOutputFunction) >= 3) auto transform(backend& b, const Options& how,
                                                              InputsOutputFunction&&... arguments) {
  return detail::transform_arguments(&b, how, std::make_index_sequence<sizeof...(arguments) - 2>(),
                                     std::forward_as_tuple(arguments...));
}

/// The same on the default backend.
template <detail::setting Options, class... InputsOutputFunction>
requires(sizeof...(InputsOutputFunction) >= 3) auto transform(const Options& how, InputsOutputFunction&&... arguments) {
  return detail::transform_arguments(nullptr, how, std::make_index_sequence<sizeof...(arguments) - 2>(),
                                     std::forward_as_tuple(arguments...));
}

/// output[i] = f(i) for every position i, in parallel on `b` where that pays; otherwise as `transform`.
template <detail::elements Output, class F>
void generate(backend& b, Output&& output, const F& f) {
  detail::write_elements(&b, options(), output, f, detail::own_index());
}

/// The same on the default backend.
template <detail::elements Output, class F>
void generate(Output&& output, const F& f) {
  detail::write_elements(nullptr, options(), output, f, detail::own_index());
}

/// The same, run as the options say.
template <detail::setting Options, detail::elements Output, class F>
auto generate(backend& b, const Options& how, Output&& output, const F& f) {
  return detail::write_elements(&b, how, output, f, detail::own_index());
}

/// The same on the default backend.
template <detail::setting Options, detail::elements Output, class F>
auto generate(const Options& how, Output&& output, const F& f) {
  return detail::write_elements(nullptr, how, output, f, detail::own_index());
}

/// Assigns `value` to every element of `output`, in parallel on `b` where that pays; otherwise as `transform`.
template <detail::elements Output, class T>
void fill(backend& b, Output&& output, const T& value) {
  detail::fill_array(&b, options(), output, value);
}

/// The same on the default backend.
template <detail::elements Output, class T>
void fill(Output&& output, const T& value) {
  detail::fill_array(nullptr, options(), output, value);
}

/// The same, run as the options say.
template <detail::setting Options, detail::elements Output, class T>
auto fill(backend& b, const Options& how, Output&& output, const T& value) {
  return detail::fill_array(&b, how, output, value);
}

/// The same on the default backend.
template <detail::setting Options, detail::elements Output, class T>
auto fill(const Options& how, Output&& output, const T& value) {
  return detail::fill_array(nullptr, how, output, value);
}

/// output[i] = input[i] for every element, in parallel on `b` where that pays; otherwise as `transform`.
template <detail::elements Input, detail::elements Output>
void copy(backend& b, const Input& input, Output&& output) {
  detail::transform_arrays("copy", &b, options(), output, detail::same_value(), input);
}

/// The same on the default backend.
template <detail::elements Input, detail::elements Output>
void copy(const Input& input, Output&& output) {
  detail::transform_arrays("copy", nullptr, options(), output, detail::same_value(), input);
}

/// The same, run as the options say.
template <detail::setting Options, detail::elements Input, detail::elements Output>
auto copy(backend& b, const Options& how, const Input& input, Output&& output) {
  return detail::transform_arrays("copy", &b, how, output, detail::same_value(), input);
}

/// The same on the default backend.
template <detail::setting Options, detail::elements Input, detail::elements Output>
auto copy(const Options& how, const Input& input, Output&& output) {
  return detail::transform_arrays("copy", nullptr, how, output, detail::same_value(), input);
}

}  // namespace parloop::inline v0_2
