// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Prefix sums with any associative operation on the GPU, by CUB: `inclusive_scan` and `exclusive_scan`.
#pragma once

#include <thrust/iterator/transform_iterator.h>

#include <cub/device/device_scan.cuh>

#include "combine.hpp"
#include "operand.hpp"
#include "scratch_memory.hpp"

namespace parloop::inline v0_2::cuda {

namespace detail {

template <class T>
struct convert_to {
  template <class In>
  __host__ __device__ T operator()(const In& value) const {
    return static_cast<T>(value);
  }
};

/// The elements in the type T.
template <class T, class In, int N>
[[nodiscard]] auto elements_as(const device_view<In, N>& v) {
  const std::remove_const_t<In>* first = v.data();
  if constexpr (std::is_same_v<std::remove_const_t<In>, T>) {
    return first;
  } else {
    return thrust::transform_iterator<convert_to<T>, decltype(first), T, T>(first, {});
  }
}

/// Queues a scan of the flat elements; of the exclusive kind when there is an initial value. The scratch memory may be
/// null: then it is allocated for this call.
template <class In, class Out, int N, class Op, class... Init>
void scan_views(const on_stream& at, scratch_memory* kept, const char* name, const device_view<In, N>& in,
                const device_view<Out, N>& out, const Op& op, const Init&... init) {
  static_assert(!std::is_const_v<Out>, "parloop::cuda: the output's elements are const");
  static_assert(std::is_trivially_copyable_v<Out>, "parloop::cuda: elements must be trivially copyable");
  const int device = current_device(at.where());
  require_device(out, device, name);
  require_fit(out, in, device, name);
  if (out.size() == 0) return;
  static_cast<void>(cudaGetLastError());  // CUB takes a stale error of anybody's for its own
  const auto elements = elements_as<Out>(in);
  const combine_as<Out, Op> operation{op};
  std::size_t bytes = 0;
  const auto run = [&](void* scratch) {
    if constexpr (sizeof...(Init) == 0) {
      check(cub::DeviceScan::InclusiveScan(scratch, bytes, elements, out.data(), operation, out.size(), at.get()),
            {"cub::DeviceScan::InclusiveScan"}, at.where());
    } else {
      check(cub::DeviceScan::ExclusiveScan(scratch, bytes, elements, out.data(), operation,
                                           static_cast<Out>((init, ...)), out.size(), at.get()),
            {"cub::DeviceScan::ExclusiveScan"}, at.where());
    }
  };
  run(nullptr);
  if (kept == nullptr) refuse_capture(at.get(), name, "allocates memory (give it a scratch_memory)", at.where());
  scratch_memory own;
  run((kept != nullptr ? *kept : own).at_least(at, static_cast<index_t>(bytes)));
}

}  // namespace detail

/// Queues output[i] = input[0] op ... op input[i], in the output's type, for all elements in row-major order. `op` is a
/// `__device__` function, associative up to rounding; it need not be commutative. Arrays or views of one shape on the
/// current device; the output is the input itself or apart from it, else `std::invalid_argument` is thrown. Throws
/// `cuda_error`, also while the stream is captured. Unlike the CPU's, the grouping of the calls differs from run to
/// run, and with it the last digits of floating-point results.
template <detail::operand Input, class Output, class Op = detail::add>
void inclusive_scan(on_stream at, const Input& input, Output&& output, const Op& op = {}) {
  detail::scan_views(at, nullptr, "inclusive_scan", detail::view_of(input), detail::view_of(output), op);
}

/// The same in memory that is kept, which allows it while the stream is captured, too.
template <detail::operand Input, class Output, class Op = detail::add>
void inclusive_scan(on_stream at, scratch_memory& kept, const Input& input, Output&& output, const Op& op = {}) {
  detail::scan_views(at, &kept, "inclusive_scan", detail::view_of(input), detail::view_of(output), op);
}

/// Queues output[i] = init op input[0] op ... op input[i - 1], and output[0] = init, in the output's type; otherwise as
/// `inclusive_scan`.
template <detail::operand Input, class Output, class Init, class Op = detail::add>
void exclusive_scan(on_stream at, const Input& input, Output&& output, const Init& init, const Op& op = {}) {
  detail::scan_views(at, nullptr, "exclusive_scan", detail::view_of(input), detail::view_of(output), op, init);
}

/// The same in memory that is kept, which allows it while the stream is captured, too.
template <detail::operand Input, class Output, class Init, class Op = detail::add>
void exclusive_scan(on_stream at, scratch_memory& kept, const Input& input, Output&& output, const Init& init,
                    const Op& op = {}) {
  detail::scan_views(at, &kept, "exclusive_scan", detail::view_of(input), detail::view_of(output), op, init);
}

}  // namespace parloop::inline v0_2::cuda
