// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Device memory seen as an array of one to three dimensions, row-major: what device lambdas capture.
#pragma once

#include <cuda_runtime_api.h>

#include <array>
#include <limits>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "../index.hpp"

namespace parloop::inline v0_2::cuda {

/// Extents of an array, slowest first: {n}, {ny, nx} or {nz, ny, nx}, in elements.
template <int N>
using shape = std::array<index_t, N>;

namespace detail {

/// Number of elements of size `element_bytes` in `s`. Throws `std::invalid_argument` for a negative extent and
/// `std::length_error` when the bytes do not fit in `index_t`.
template <std::size_t N>
[[nodiscard]] constexpr index_t element_count(const std::array<index_t, N>& s, std::size_t element_bytes) {
  index_t most = (std::numeric_limits<index_t>::max)() / static_cast<index_t>(element_bytes);
  bool empty = false;
  for (index_t extent : s) {
    if (extent < 0) throw std::invalid_argument("parloop: an array's extents must not be negative");
    empty = empty || extent == 0;
  }
  if (empty) return 0;
  index_t count = 1;
  for (index_t extent : s) {
    if (count > most / extent) throw std::length_error("parloop: the array has more than 2^63 - 1 bytes");
    count *= extent;
  }
  return count;
}

template <std::size_t N>
[[nodiscard]] std::string shape_text(const std::array<index_t, N>& s) {
  std::string text;
  for (index_t extent : s) text.append(text.empty() ? "" : " x ").append(std::to_string(extent));
  return text;
}

}  // namespace detail

/// A pointer into device memory and a shape. Copyable, does not own. `T` may be const.
template <class T, int N = 1>
class device_view {
  static_assert(N >= 1 && N <= 3, "parloop::cuda::device_view: one, two or three dimensions");

 public:
  using element_type = T;               ///< of the elements, with their `const`
  static constexpr int dimensions = N;  ///< indices of an element

  /// `data` points to the first of the shape's elements in the memory of `device` (the runtime's ordinal). Throws as
  /// `device_array`.
  device_view(T* data, const shape<N>& extents, int device)
      : data_(data), size_(detail::element_count(extents, sizeof(T))), device_(device) {
    for (int d = 0; d < N; ++d) extents_[d] = extents[static_cast<std::size_t>(d)];
  }
  /// A view of const elements from one of mutable ones.
  template <class U>
  requires(std::is_const_v<T>&& std::is_same_v<U, std::remove_const_t<T>>) device_view(const device_view<U, N>& other)
      : device_view(other.data(), other.extents(), other.device()) {}

  /// The first element, in device memory.
  [[nodiscard]] __host__ __device__ T* data() const noexcept { return data_; }
  /// Number of elements, all dimensions together.
  [[nodiscard]] __host__ __device__ index_t size() const noexcept { return size_; }
  /// Number of elements along dimension `d`; 0 is the slowest.
  [[nodiscard]] __host__ __device__ index_t extent(int d) const noexcept { return extents_[d]; }
  /// The device in whose memory it lies, by the runtime's ordinal.
  [[nodiscard]] int device() const noexcept { return device_; }
  /// The shape, slowest first.
  [[nodiscard]] shape<N> extents() const noexcept {
    shape<N> copy{};
    for (int d = 0; d < N; ++d) copy[static_cast<std::size_t>(d)] = extents_[d];
    return copy;
  }

  /// The element at (x), (y, x) or (z, y, x); in device code. Unchecked.
  template <class... Indices>
  requires(sizeof...(Indices) == N) [[nodiscard]] __device__ T& operator()(Indices... indices) const noexcept {
    const index_t at[] = {static_cast<index_t>(indices)...};
    index_t offset = at[0];
    for (int d = 1; d < N; ++d) offset = offset * extents_[d] + at[d];
    return data_[offset];
  }
  /// The element at a flat, row-major position; in device code. Unchecked.
  [[nodiscard]] __device__ T& operator[](index_t position) const noexcept { return data_[position]; }

  /// The same elements in one dimension.
  [[nodiscard]] device_view<T> flat() const { return {data_, {size_}, device_}; }
  /// `count` elements from `first` on, of a one-dimensional view. Throws `std::out_of_range`.
  [[nodiscard]] device_view part(index_t first, index_t count) const requires(N == 1) {
    if (first < 0 || count < 0 || first > size_ || count > size_ - first) {
      throw std::out_of_range("parloop: part(" + std::to_string(first) + ", " + std::to_string(count) +
                              ") leaves a view of " + std::to_string(size_) + " elements");
    }
    return {data_ + first, {count}, device_};
  }

 private:
  T* data_;
  index_t extents_[N];
  index_t size_;
  int device_;
};

}  // namespace parloop::inline v0_2::cuda
