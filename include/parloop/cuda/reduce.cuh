// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Reductions on the GPU, by CUB: any range, any operation; and the sum, minimum and maximum of an array.
#pragma once

#include <thrust/iterator/counting_iterator.h>

#include <cub/device/device_reduce.cuh>

#include "../range.hpp"
#include "combine.hpp"
#include "operand.hpp"

namespace parloop::inline v0_2::cuda {

namespace detail {

/// A body over N-dimensional indices as a function of the position in the flattened range.
template <class T, int N, class Body>
struct body_at {
  index_t start[N];
  index_t count[N];
  index_t step[N];
  Body body;

  __device__ index_t along(int d, index_t position) const {
    return static_cast<index_t>(static_cast<std::uint64_t>(start[d]) +
                                static_cast<std::uint64_t>(position) * static_cast<std::uint64_t>(step[d]));
  }
  __device__ T operator()(index_t position) const {
    if constexpr (N == 1) {
      return static_cast<T>(body(along(0, position)));
    } else if constexpr (N == 2) {
      return static_cast<T>(body(along(0, position / count[1]), along(1, position % count[1])));
    } else {
      const index_t row = position / count[2];
      return static_cast<T>(body(along(0, row / count[1]), along(1, row % count[1]), along(2, position % count[2])));
    }
  }
};

template <class T>
struct element_at {
  const T* data;
  __device__ T operator()(index_t position) const { return data[position]; }
};

struct smaller {
  template <class T>
  __device__ T operator()(const T& a, const T& b) const {
    return b < a ? b : a;
  }
};
struct larger {
  template <class T>
  __device__ T operator()(const T& a, const T& b) const {
    return a < b ? b : a;
  }
};

/// identity combined with value(0), ... value(count - 1), in the order of a tree. Waits for the result.
template <class T, class Combine, class Value>
[[nodiscard]] T reduce_positions(const on_stream& at, index_t count, const T& identity, Combine combine, Value value) {
  static_assert(std::is_trivially_copyable_v<T>, "parloop::cuda: the result of a reduction must be trivially copyable");
  refuse_capture(at.get(), "a reduction", "waits for its result", at.where());
  static_cast<void>(cudaGetLastError());  // CUB takes a stale error of anybody's for its own
  const combine_as<T, Combine> operation{combine};
  const thrust::counting_iterator<index_t> positions(0);
  device_array<T> result(at, 1);
  std::size_t bytes = 0;
  const auto run = [&](void* scratch) {
    check(cub::DeviceReduce::TransformReduce(scratch, bytes, positions, result.data(), count, operation, value,
                                             identity, at.get()),
          {"cub::DeviceReduce::TransformReduce"}, at.where());
  };
  run(nullptr);
  device_array<unsigned char> scratch(at, static_cast<index_t>(bytes));
  run(scratch.data());
  return result.copy_to_host(at.where())[0];
}

template <class T, int N, class Combine>
[[nodiscard]] T reduce_elements(const on_stream& at, const device_view<const T, N>& v, const T& identity,
                                Combine combine, const char* name) {
  require_device(v, current_device(at.where()), name);
  return reduce_positions(at, v.size(), identity, combine, element_at<T>{v.data()});
}

/// The first element, which a minimum or maximum starts from. Throws `std::invalid_argument` when there is none.
template <class T, int N>
[[nodiscard]] T first_element(const on_stream& at, const device_view<const T, N>& v, const char* name) {
  if (v.size() == 0) throw std::invalid_argument(std::string("parloop: ") + name + " of an empty array");
  refuse_capture(at.get(), "a reduction", "waits for its result", at.where());
  T first;
  check(cudaMemcpyAsync(&first, v.data(), sizeof(T), cudaMemcpyDeviceToHost, at.get()), {"cudaMemcpyAsync"},
        at.where());
  synchronize(at);
  return first;
}

template <class Array>
[[nodiscard]] auto const_view_of(const Array& a) {
  const auto v = view_of(a);
  using element = std::remove_const_t<typename decltype(v)::element_type>;
  return device_view<const element, decltype(v)::dimensions>(v);
}

}  // namespace detail

/// `combine`s body(i), body(y, x) or body(z, y, x) of every index of the range with `identity`, and returns the result
/// when it is there. `combine` must be associative and commutative; its order is fixed for a device and a size, but not
/// the CPU's, so floating-point results may differ in the last digits. Throws `cuda_error`, also for faults of kernels
/// and while the stream is captured.
template <class T, int N, stride Stride, class Combine, class Body>
[[nodiscard]] T parallel_reduce(on_stream at, const range<N, Stride>& r, T identity, Combine combine, Body body) {
  if (r.size() == 0) return identity;
  detail::body_at<T, N, Body> value{{}, {}, {}, body};
  for (int d = 0; d < N; ++d) {
    value.start[d] = r.along(d).start;
    value.count[d] = r.along(d).count;
    value.step[d] = r.along(d).step;
  }
  return detail::reduce_positions(at, r.size(), identity, combine, value);
}

/// The sum of the elements in their own type; zero when there are none. Throws as `parallel_reduce`.
template <class Array>
[[nodiscard]] auto sum(on_stream at, const Array& array) {
  const auto v = detail::const_view_of(array);
  using element = std::remove_const_t<typename decltype(v)::element_type>;
  if (v.size() == 0) return element{};
  return detail::reduce_elements(at, v, element{}, detail::add{}, "sum");
}

/// The smallest element by `<`. Throws as `parallel_reduce`, and `std::invalid_argument` when there is none.
template <class Array>
[[nodiscard]] auto min(on_stream at, const Array& array) {
  const auto v = detail::const_view_of(array);
  return detail::reduce_elements(at, v, detail::first_element(at, v, "min"), detail::smaller{}, "min");
}

/// The largest element by `<`. Throws as `min`.
template <class Array>
[[nodiscard]] auto max(on_stream at, const Array& array) {
  const auto v = detail::const_view_of(array);
  return detail::reduce_elements(at, v, detail::first_element(at, v, "max"), detail::larger{}, "max");
}

}  // namespace parloop::inline v0_2::cuda
