// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Element-wise operations on device arrays: `transform`, `generate`, `fill` and `copy`.
#pragma once

#include <cstring>
#include <tuple>

#include "operand.hpp"
#include "tile.cuh"

namespace parloop::inline v0_2::cuda {

namespace detail {

template <class F, class Out, int N, class... In>
void transform_views(const on_stream& at, const char* name, const F& f, const device_view<Out, N>& out,
                     const device_view<In, N>&... in) {
  static_assert(!std::is_const_v<Out>, "parloop::cuda: the output's elements are const");
  static_assert(std::is_trivially_copyable_v<Out> && (std::is_trivially_copyable_v<In> && ...),
                "parloop::cuda: elements must be trivially copyable");
  const int device = current_device(at.where());
  require_device(out, device, name);
  (require_fit(out, in, device, name), ...);
  if (out.size() == 0) return;
  run_tiles(at, name, device, out.size(), f, out.data(), static_cast<const std::remove_const_t<In>*>(in.data())...);
}

template <class Arguments, std::size_t... Inputs>
void transform_arguments(const on_stream& at, const Arguments& arguments, std::index_sequence<Inputs...>) {
  transform_views(at, "transform", std::get<sizeof...(Inputs) + 1>(arguments),
                  view_of(std::get<sizeof...(Inputs)>(arguments)), view_of(std::get<Inputs>(arguments))...);
}

/// The function that `fill` generates with.
template <class T>
struct constant {
  T value;
  __device__ T operator()(index_t) const { return value; }
};

/// The byte that all of `value` consists of, or -1.
template <class T>
[[nodiscard]] int repeated_byte(const T& value) {
  unsigned char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  for (unsigned char b : bytes) {
    if (b != bytes[0]) return -1;
  }
  return bytes[0];
}

}  // namespace detail

/// `transform(stream, inputs..., output, f)`: queues output[i] = f(inputs[i]...) for every element; without inputs,
/// output[i] = f(i) of the flat index. `f` is a `__device__` lambda or function object. Operands are `device_array`s or
/// `device_view`s of one shape on the current device; the output may be an input, but not overlap one otherwise. Throws
/// `std::invalid_argument` when they do not fit, and `cuda_error`. Empty arrays launch nothing.
template <class... InputsOutputFunction>
requires(sizeof...(InputsOutputFunction) >= 2) void transform(on_stream at, InputsOutputFunction&&... arguments) {
  detail::transform_arguments(at, std::forward_as_tuple(arguments...),
                              std::make_index_sequence<sizeof...(arguments) - 2>());
}

/// Queues output[i] = f(i) for every flat index i, as `index_t`. Throws as `transform`.
template <class Output, class F>
void generate(on_stream at, Output&& output, F f) {
  detail::transform_views(at, "generate", f, detail::view_of(output));
}

/// Queues output[i] = value for every element. Throws as `transform`.
template <class Output, class T>
void fill(on_stream at, Output&& output, const T& value) {
  const auto out = detail::view_of(output);
  using element = typename decltype(out)::element_type;
  const element converted = static_cast<element>(value);
  const int byte = detail::repeated_byte(converted);
  if (byte < 0) return detail::transform_views(at, "fill", detail::constant<element>{converted}, out);
  detail::require_device(out, detail::current_device(at.where()), "fill");
  if (out.size() == 0) return;
  const std::size_t bytes = static_cast<std::size_t>(out.size()) * sizeof(element);
  detail::check(cudaMemsetAsync(out.data(), byte, bytes, at.get()), {"cudaMemsetAsync"}, at.where());
}

/// Queues output[i] = input[i] for every element, of one type; device to device. Throws as `transform`.
template <class Input, class Output>
void copy(on_stream at, const Input& input, Output&& output) {
  const auto in = detail::view_of(input);
  const auto out = detail::view_of(output);
  using element = typename decltype(out)::element_type;
  static_assert(std::is_same_v<std::remove_const_t<typename decltype(in)::element_type>, element>,
                "parloop::cuda::copy: both sides have the same element type; transform converts");
  const int device = detail::current_device(at.where());
  detail::require_device(out, device, "copy");
  detail::require_fit(out, in, device, "copy");
  if (out.size() == 0 || in.data() == out.data()) return;
  const std::size_t bytes = static_cast<std::size_t>(out.size()) * sizeof(element);
  detail::check(cudaMemcpyAsync(out.data(), in.data(), bytes, cudaMemcpyDeviceToDevice, at.get()), {"cudaMemcpyAsync"},
                at.where(), std::to_string(bytes) + " bytes");
}

}  // namespace parloop::inline v0_2::cuda
