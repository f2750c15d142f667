// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Streams and events: queues of work on a device, and the points in them that can be waited for and timed.
#pragma once

#include <chrono>
#include <memory>
#include <utility>

#include "error.hpp"

namespace parloop::inline v0_2::cuda {

/// The queue that is used when none is named; ordered with every `stream`.
inline constexpr cudaStream_t default_stream = nullptr;

class event;

namespace detail {

/// Throws `cuda_error` while the stream is captured into a graph, for what cannot become a part of one: `call` is its
/// name and `deed` what it does that makes it so. Asks first: the call itself would spoil the capture.
inline void refuse_capture(cudaStream_t s, const char* call, const char* deed, const std::source_location& where) {
  cudaStreamCaptureStatus status = cudaStreamCaptureStatusNone;
  check(cudaStreamIsCapturing(s, &status), {"cudaStreamIsCapturing"}, where);
  if (status == cudaStreamCaptureStatusNone) return;
  throw cuda_error(cudaErrorStreamCaptureUnsupported, {call}, where,
                   std::string("because it ") + deed + ", and its stream is being captured into a graph");
}

}  // namespace detail

/// A queue of device work that runs in order. Copies share one queue, which lives until the last copy and the last
/// array made on it are gone. Ordered with the default stream (not `cudaStreamNonBlocking`), so that an array uploaded
/// without naming a stream may be used on any.
class stream {
 public:
  /// Makes a queue on the calling thread's device. Throws `cuda_error`.
  explicit stream(std::source_location where = std::source_location::current()) {
    cudaStream_t made = nullptr;
    detail::check(cudaStreamCreateWithFlags(&made, cudaStreamDefault), {"cudaStreamCreateWithFlags"}, where);
    handle_ =
        std::shared_ptr<CUstream_st>(made, [](cudaStream_t s) noexcept { detail::dismiss(cudaStreamDestroy(s)); });
  }

  /// The runtime's handle, which the copies of this object own.
  [[nodiscard]] cudaStream_t get() const noexcept { return handle_.get(); }
  /// A handle that keeps the queue alive.
  [[nodiscard]] const std::shared_ptr<CUstream_st>& shared() const noexcept { return handle_; }

  /// Returns when everything queued so far has run. Throws `cuda_error`, also for faults of kernels and while the
  /// stream is captured.
  void synchronize(std::source_location where = std::source_location::current()) const {
    detail::refuse_capture(get(), "synchronize", "waits", where);
    detail::check(cudaStreamSynchronize(get()), {"cudaStreamSynchronize"}, where);
  }
  /// What is queued from now on runs after `e`. Does not block the host. Throws `cuda_error`.
  void wait(const event& e, std::source_location where = std::source_location::current()) const;

 private:
  std::shared_ptr<CUstream_st> handle_;
};

/// Where to queue work, and the line that says so: the first parameter of every verb, made from a `stream` or a
/// `cudaStream_t`. The line is the caller's, so that errors name it. For parameters only: does not own the stream.
class on_stream {
 public:
  /// `s` has to live until the call has returned. `where` is left out: it names the caller.
  on_stream(const stream& s, std::source_location where = std::source_location::current()) noexcept
      : handle_(s.get()), shared_(&s.shared()), where_(where) {}
  /// The same with a stream that somebody else owns; it has to outlive the arrays made on it.
  on_stream(cudaStream_t s, std::source_location where = std::source_location::current()) noexcept
      : handle_(s), where_(where) {}

  /// The runtime's handle.
  [[nodiscard]] cudaStream_t get() const noexcept { return handle_; }
  /// The caller's line.
  [[nodiscard]] const std::source_location& where() const noexcept { return where_; }
  /// A handle that keeps the stream alive; one made from a `cudaStream_t` keeps nothing alive.
  [[nodiscard]] std::shared_ptr<CUstream_st> keep() const noexcept {
    return shared_ != nullptr ? *shared_ : std::shared_ptr<CUstream_st>(std::shared_ptr<void>(), handle_);
  }

 private:
  cudaStream_t handle_;
  const std::shared_ptr<CUstream_st>* shared_ = nullptr;
  std::source_location where_;
};

/// A point in a stream. Move-only.
class event {
 public:
  /// Throws `cuda_error`.
  explicit event(std::source_location where = std::source_location::current()) {
    detail::check(cudaEventCreate(&handle_), {"cudaEventCreate"}, where);
  }
  /// Leaves nothing in `other`.
  event(event&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  /// Leaves the event of before in `other`.
  event& operator=(event&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~event() {
    if (handle_ != nullptr) detail::dismiss(cudaEventDestroy(handle_));
  }

  /// The runtime's handle, which this object owns.
  [[nodiscard]] cudaEvent_t get() const noexcept { return handle_; }
  /// Puts the event behind everything queued on the stream so far. Throws `cuda_error`.
  void record(on_stream at) { detail::check(cudaEventRecord(handle_, at.get()), {"cudaEventRecord"}, at.where()); }
  /// Returns when the stream has reached the event. Throws `cuda_error`, also for faults of kernels.
  void synchronize(std::source_location where = std::source_location::current()) const {
    detail::check(cudaEventSynchronize(handle_), {"cudaEventSynchronize"}, where);
  }

 private:
  cudaEvent_t handle_ = nullptr;
};

/// Device time between two recorded events; waits for the later one. Throws `cuda_error`.
[[nodiscard]] inline std::chrono::duration<float, std::milli> elapsed(
    const event& from, const event& to, std::source_location where = std::source_location::current()) {
  to.synchronize(where);
  float milliseconds = 0;
  detail::check(cudaEventElapsedTime(&milliseconds, from.get(), to.get()), {"cudaEventElapsedTime"}, where);
  return std::chrono::duration<float, std::milli>(milliseconds);
}

inline void stream::wait(const event& e, std::source_location where) const {
  detail::check(cudaStreamWaitEvent(get(), e.get(), 0), {"cudaStreamWaitEvent"}, where);
}

/// Returns when everything queued on the stream so far has run. Throws `cuda_error`, also for faults of kernels.
inline void synchronize(on_stream at) {
  detail::refuse_capture(at.get(), "synchronize", "waits", at.where());
  detail::check(cudaStreamSynchronize(at.get()), {"cudaStreamSynchronize"}, at.where());
}

/// Returns when the calling thread's device has run everything queued so far. Throws as above.
inline void synchronize(std::source_location where = std::source_location::current()) {
  detail::check(cudaDeviceSynchronize(), {"cudaDeviceSynchronize"}, where);
}

}  // namespace parloop::inline v0_2::cuda
