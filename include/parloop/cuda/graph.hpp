// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// CUDA graphs: work that is captured once and then queued again and again by one call.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "stream.hpp"

namespace parloop::inline v0_2::cuda {

/// What `capture` recorded. Move-only. The arrays, scratch memory and pinned arrays that it uses must outlive its
/// launches, and are used where they were; what kernels took by value, as views and numbers, stays what it was.
class graph {
 public:
  /// Takes over what somebody else has instantiated.
  explicit graph(cudaGraphExec_t made) noexcept : handle_(made) {}

  /// The runtime's handle, which this object owns.
  [[nodiscard]] cudaGraphExec_t get() const noexcept { return handle_.get(); }
  /// Queues all of it on a stream, not necessarily the one it was captured on. Returns before it ran. Throws
  /// `cuda_error`.
  void launch(on_stream at) const { detail::check(cudaGraphLaunch(get(), at.get()), {"cudaGraphLaunch"}, at.where()); }

 private:
  struct destroy {
    void operator()(cudaGraphExec_t g) const noexcept { detail::dismiss(cudaGraphExecDestroy(g)); }
  };
  std::unique_ptr<std::remove_pointer_t<cudaGraphExec_t>, destroy> handle_;
};

namespace detail {

/// A graph as it comes from a capture, which ends with the scope at the latest.
class stream_capture {
 public:
  explicit stream_capture(const on_stream& at) : at_(at) {
    check(cudaStreamBeginCapture(at.get(), cudaStreamCaptureModeThreadLocal), {"cudaStreamBeginCapture"}, at.where());
  }
  stream_capture(const stream_capture&) = delete;
  stream_capture& operator=(const stream_capture&) = delete;
  ~stream_capture() {
    if (!ended_) dismiss(cudaStreamEndCapture(at_.get(), &graph_));
    if (graph_ != nullptr) dismiss(cudaGraphDestroy(graph_));
  }
  [[nodiscard]] cudaGraph_t end() {
    ended_ = true;
    check(cudaStreamEndCapture(at_.get(), &graph_), {"cudaStreamEndCapture"}, at_.where(),
          "which says so when something was called that a stream under capture does not allow");
    return graph_;
  }

 private:
  const on_stream& at_;
  cudaGraph_t graph_ = nullptr;
  bool ended_ = false;
};

}  // namespace detail

/// Calls `work()` once, and records what it queues on the stream instead of running it. Every verb of `parloop::cuda`
/// that only queues work may be called there; what waits or allocates throws `cuda_error` and leaves the capture as it
/// was. The stream is not the default one. Throws `cuda_error`, and what `work` throws; the stream then is as before.
///     auto step = capture(s, [&] { transform(s, x, y, f); inclusive_scan(s, scratch, y, y); });
///     for (int i = 0; i < 1000; ++i) step.launch(s);
template <class Work>
[[nodiscard]] graph capture(on_stream at, Work&& work) {
  detail::stream_capture recording(at);
  std::forward<Work>(work)();
  cudaGraphExec_t made = nullptr;
  detail::check(cudaGraphInstantiate(&made, recording.end(), 0), {"cudaGraphInstantiate"}, at.where());
  return graph(made);
}

}  // namespace parloop::inline v0_2::cuda
