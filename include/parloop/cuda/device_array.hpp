// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// An array in device memory that owns it, and the copies between it and the host.
#pragma once

#include <memory>
#include <ranges>
#include <utility>
#include <vector>

#include "device.hpp"
#include "device_view.hpp"
#include "pinned_array.hpp"
#include "stream.hpp"

namespace parloop::inline v0_2::cuda {

/// Contiguous host memory with elements of type `T`: a vector, an array, a span, a `pinned_array`.
template <class R, class T>
concept host_range_of =
    std::ranges::contiguous_range<R> && std::ranges::sized_range<R> && std::same_as<std::ranges::range_value_t<R>, T>;

/// An N-dimensional row-major array in the memory of one device, in the order of one stream: allocated, copied and
/// freed there. Move-only. Work on it that is queued elsewhere must be ordered before its end by an event or a wait. It
/// may neither begin nor end while its stream is captured into a graph, and must outlive the graphs that use it.
template <class T, int N = 1>
class device_array {
  static_assert(std::is_trivially_copyable_v<T> && !std::is_const_v<T>,
                "parloop::cuda::device_array: elements are copied as bytes, so T must be trivially copyable");

 public:
  using value_type = T;                 ///< of the elements
  static constexpr int dimensions = N;  ///< indices of an element

  /// Uninitialised elements on the calling thread's device. Throws `cuda_error` (when memory is short, for instance,
  /// and while the stream is captured), `std::invalid_argument` for a negative extent, `std::length_error` when the
  /// bytes do not fit in `index_t`.
  device_array(on_stream at, const shape<N>& extents)
      : extents_(extents), size_(detail::element_count(extents, sizeof(T))), stream_(at.keep()) {
    device_ = detail::current_device(at.where());
    if (size_ == 0) return;
    detail::refuse_capture(at.get(), "device_array", "allocates memory", at.where());
    pooled_ = detail::attribute(cudaDevAttrMemoryPoolsSupported, device_, at.where()) != 0;
    void* memory = nullptr;
    const cudaError_t code = pooled_ ? cudaMallocAsync(&memory, bytes(), at.get()) : cudaMalloc(&memory, bytes());
    detail::check(code, {pooled_ ? "cudaMallocAsync" : "cudaMalloc"}, at.where(), std::to_string(bytes()) + " bytes");
    data_ = static_cast<T*>(memory);
  }
  /// The same with `size` elements in one dimension.
  device_array(on_stream at, index_t size) requires(N == 1) : device_array(at, shape<1>{size}) {}

  device_array(device_array&& other) noexcept { swap(other); }  ///< leaves `other` without elements
  /// Frees the elements of before.
  device_array& operator=(device_array&& other) noexcept {
    device_array(std::move(other)).swap(*this);
    return *this;
  }
  ~device_array() { release(); }

  [[nodiscard]] T* data() noexcept { return data_; }              ///< the first element, in device memory
  [[nodiscard]] const T* data() const noexcept { return data_; }  ///< the same, not to be written
  /// Number of elements, all dimensions together.
  [[nodiscard]] index_t size() const noexcept { return size_; }
  /// Size of all elements.
  [[nodiscard]] std::size_t bytes() const noexcept { return static_cast<std::size_t>(size_) * sizeof(T); }
  [[nodiscard]] const shape<N>& extents() const noexcept { return extents_; }  ///< the shape, slowest first
  /// Number of elements along dimension `d`; 0 is the slowest.
  [[nodiscard]] index_t extent(int d) const noexcept { return extents_[static_cast<std::size_t>(d)]; }
  [[nodiscard]] int device() const noexcept { return device_; }  ///< the runtime's ordinal
  /// The stream that the array lives on.
  [[nodiscard]] cudaStream_t get_stream() const noexcept { return stream_.get(); }

  /// What device lambdas capture; valid as long as the array.
  [[nodiscard]] device_view<T, N> view() { return {data_, extents_, device_}; }
  [[nodiscard]] device_view<const T, N> view() const { return {data_, extents_, device_}; }  ///< to be read only

  /// Overwrites the array with `host`, which has as many elements; in the order of the array's stream. A pageable
  /// `host` may be changed on return; a `pinned_array` only when the stream got there. Throws `cuda_error`, and
  /// `std::invalid_argument` when the sizes differ.
  template <host_range_of<T> R>
  void copy_from_host(const R& host, std::source_location where = std::source_location::current()) {
    require_size(std::ranges::size(host), "copy_from_host");
    if constexpr (!std::is_same_v<R, pinned_array<T>>) {
      detail::refuse_capture(stream_.get(), "copy_from_host", "reads memory that is not pinned", where);
    }
    transfer(data_, std::ranges::data(host), cudaMemcpyHostToDevice, stream_.get(), where);
  }
  /// Waits for the array's stream and returns the elements. Throws `cuda_error`, also for faults of kernels.
  [[nodiscard]] std::vector<T> copy_to_host(std::source_location where = std::source_location::current()) const {
    std::vector<T> host(static_cast<std::size_t>(size_));
    copy_to_host(host, where);
    return host;
  }
  /// As above, into memory of the caller's with as many elements; else throws `std::invalid_argument`.
  template <host_range_of<T> R>
  void copy_to_host(R&& host, std::source_location where = std::source_location::current()) const {
    require_size(std::ranges::size(host), "copy_to_host");
    detail::refuse_capture(stream_.get(), "copy_to_host", "waits", where);
    transfer(std::ranges::data(host), data_, cudaMemcpyDeviceToHost, stream_.get(), where);
    synchronize(where);
  }
  /// Queues the copy and returns at once, which only pinned memory allows; `synchronize` the stream before reading.
  void copy_to_host(on_stream at, pinned_array<T>& host) const {
    require_size(host.size(), "copy_to_host");
    transfer(host.data(), data_, cudaMemcpyDeviceToHost, at.get(), at.where());
  }
  /// Returns when the array's stream has run everything queued so far. Throws `cuda_error`.
  void synchronize(std::source_location where = std::source_location::current()) const {
    detail::refuse_capture(stream_.get(), "synchronize", "waits", where);
    detail::check(cudaStreamSynchronize(stream_.get()), {"cudaStreamSynchronize"}, where);
  }
  /// Uninitialised, of the same shape, on the same stream. Throws as the constructor.
  [[nodiscard]] device_array like(std::source_location where = std::source_location::current()) const {
    device_array made(on_stream(stream_.get(), where), extents_);
    made.stream_ = stream_;  // keeps the stream alive, as this array does
    return made;
  }

 private:
  void swap(device_array& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(extents_, other.extents_);
    std::swap(size_, other.size_);
    std::swap(device_, other.device_);
    std::swap(pooled_, other.pooled_);
    std::swap(stream_, other.stream_);
  }
  void release() noexcept {
    if (data_ == nullptr) return;
    cudaError_t code = pooled_ ? cudaFreeAsync(data_, stream_.get()) : cudaFree(data_);
    detail::dismiss(code);
    // cudaFree takes memory of a pool as well; it waits for the device, which is the price of not losing the memory.
    if (code != cudaSuccess) detail::dismiss(cudaFree(data_));
  }
  void require_size(std::size_t host_size, const char* what) const {
    if (std::cmp_equal(host_size, size_)) return;
    throw std::invalid_argument(std::string("parloop: ") + what + ": the host has " + std::to_string(host_size) +
                                " elements, the device array " + std::to_string(size_) + " (" +
                                detail::shape_text(extents_) + ")");
  }
  void transfer(void* to, const void* from, cudaMemcpyKind kind, cudaStream_t s,
                const std::source_location& where) const {
    if (size_ == 0) return;
    detail::check(cudaMemcpyAsync(to, from, bytes(), kind, s), {"cudaMemcpyAsync"}, where,
                  std::to_string(bytes()) + " bytes");
  }

  T* data_ = nullptr;
  shape<N> extents_{};
  index_t size_ = 0;
  int device_ = 0;
  bool pooled_ = false;  ///< from the device's memory pool, in the order of the stream
  std::shared_ptr<CUstream_st> stream_;
};

/// A device array with the host's elements, in the order of the stream. A pageable `host` may be changed on return; a
/// `pinned_array` only when the stream got there. Throws `cuda_error`.
template <std::ranges::contiguous_range R>
[[nodiscard]] device_array<std::ranges::range_value_t<R>> to_device(on_stream at, const R& host) {
  device_array<std::ranges::range_value_t<R>> made(at, static_cast<index_t>(std::ranges::size(host)));
  made.copy_from_host(host, at.where());
  return made;
}
/// The same with a shape, which must have as many elements as the host; else throws `std::invalid_argument`.
template <std::ranges::contiguous_range R, std::size_t N>
[[nodiscard]] auto to_device(on_stream at, const R& host, const std::array<index_t, N>& extents) {
  device_array<std::ranges::range_value_t<R>, static_cast<int>(N)> made(at, extents);
  made.copy_from_host(host, at.where());
  return made;
}
/// The same on the default stream.
template <std::ranges::contiguous_range R>
[[nodiscard]] auto to_device(const R& host, std::source_location where = std::source_location::current()) {
  return to_device(on_stream(default_stream, where), host);
}

/// An uninitialised array of the same type and shape on the same stream. Throws `cuda_error`.
template <class T, int N>
[[nodiscard]] device_array<T, N> device_array_like(const device_array<T, N>& a,
                                                   std::source_location where = std::source_location::current()) {
  return a.like(where);
}
/// The same on another stream.
template <class T, int N>
[[nodiscard]] device_array<T, N> device_array_like(on_stream at, const device_array<T, N>& a) {
  return {at, a.extents()};
}

/// Waits for the array's stream and returns the elements. Throws `cuda_error`, also for faults of kernels.
template <class T, int N>
[[nodiscard]] std::vector<T> copy_to_host(const device_array<T, N>& a,
                                          std::source_location where = std::source_location::current()) {
  return a.copy_to_host(where);
}
/// Queues the copy and returns at once; `synchronize` the stream before reading.
template <class T, int N>
void copy_to_host(on_stream at, const device_array<T, N>& a, pinned_array<T>& host) {
  a.copy_to_host(at, host);
}

}  // namespace parloop::inline v0_2::cuda
