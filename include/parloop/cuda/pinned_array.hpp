// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Host memory that the device reads and writes by itself: the only kind that copies run beside the host with.
#pragma once

#include <algorithm>
#include <type_traits>
#include <utility>

#include "device_view.hpp"
#include "error.hpp"

namespace parloop::inline v0_2::cuda {

/// Page-locked host memory, a contiguous range of `size()` elements. Move-only. It must outlive the copies that are
/// queued on it: `synchronize` their stream first.
template <class T>
class pinned_array {
  static_assert(std::is_trivially_copyable_v<T> && !std::is_const_v<T>,
                "parloop::cuda::pinned_array: elements are copied as bytes, so T must be trivially copyable");

 public:
  /// `size` elements, each a copy of `value`. Throws `cuda_error`, `std::invalid_argument` and `std::length_error`.
  explicit pinned_array(index_t size, const T& value = T{},
                        std::source_location where = std::source_location::current())
      : size_(detail::element_count(shape<1>{size}, sizeof(T))) {
    if (size_ == 0) return;
    const std::size_t bytes = static_cast<std::size_t>(size_) * sizeof(T);
    void* memory = nullptr;
    detail::check(cudaMallocHost(&memory, bytes), {"cudaMallocHost"}, where, std::to_string(bytes) + " bytes");
    data_ = static_cast<T*>(memory);
    std::fill(begin(), end(), value);
  }
  /// Leaves `other` without elements.
  pinned_array(pinned_array&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  /// Leaves the elements of before in `other`.
  pinned_array& operator=(pinned_array&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~pinned_array() {
    if (data_ != nullptr) detail::dismiss(cudaFreeHost(data_));
  }

  [[nodiscard]] T* data() noexcept { return data_; }              ///< the first element
  [[nodiscard]] const T* data() const noexcept { return data_; }  ///< the first element
  /// Number of elements.
  [[nodiscard]] std::size_t size() const noexcept { return static_cast<std::size_t>(size_); }
  [[nodiscard]] T* begin() noexcept { return data_; }                                   ///< the first element
  [[nodiscard]] T* end() noexcept { return data_ + size_; }                             ///< behind the last one
  [[nodiscard]] const T* begin() const noexcept { return data_; }                       ///< the first element
  [[nodiscard]] const T* end() const noexcept { return data_ + size_; }                 ///< behind the last one
  [[nodiscard]] T& operator[](std::size_t i) noexcept { return data_[i]; }              ///< `i` is below size()
  [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return data_[i]; }  ///< `i` is below size()

 private:
  T* data_ = nullptr;
  index_t size_ = 0;
};

}  // namespace parloop::inline v0_2::cuda
