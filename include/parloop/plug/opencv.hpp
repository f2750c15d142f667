// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// OpenCV's parallel loops on this library's threads: OpenCV 4.5.2 or newer.
#pragma once

#include <memory>
#include <opencv2/core/parallel/parallel_backend.hpp>

#include "../algorithm/parallel_for.hpp"
#include "../detail/base/atomic.hpp"
#include "../thread_number.hpp"

namespace parloop::inline v0_2::plug {

/// What OpenCV calls in place of a pool of its own. Its loops run by `parallel_for` on the default backend of the
/// thread that calls OpenCV.
class opencv_backend : public cv::parallel::ParallelForAPI {
 public:
  /// Calls body(begin, end, data) for all of [0, tasks).
  void parallel_for(int tasks, FN_parallel_for_body_cb_t body, void* data) override {
    const auto range = prange(tasks).threads(getNumThreads()).site(reinterpret_cast<std::uintptr_t>(body));
    parallel_for_chunks(
        range, [&](index_t begin, index_t end) { body(static_cast<int>(begin), static_cast<int>(end), data); });
  }
  /// In [0, getNumThreads()).
  [[nodiscard]] int getThreadNum() const override { return thread_number(); }
  /// As many as the default backend has, or as setNumThreads says, if they are fewer.
  [[nodiscard]] int getNumThreads() const override {
    const int width = default_backend().width();
    const int most = most_.load(detail::memory_order_relaxed);
    return most > 0 && most < width ? most : width;
  }
  /// At most so many threads run a loop; 0 or less: as many as there are. Returns the number before.
  int setNumThreads(int threads) override {
    const int before = getNumThreads();
    most_.store(threads, detail::memory_order_relaxed);  // a limit of loops to come; orders nothing
    return before;
  }
  /// For cv::getBuildInformation and messages.
  [[nodiscard]] const char* getName() const override { return "parloop"; }

 private:
  detail::atomic<int> most_{0};
};

/// From now on. Call it before other functions of OpenCV's, and while none runs. cv::setNumThreads limits the threads
/// of a loop; results have the bits that OpenCV's own threads give. OpenCV runs one parallel loop at a time: those that
/// are called meanwhile, inside of loops for instance, run in their caller.
inline void use_in_opencv() { cv::parallel::setParallelForBackend(std::make_shared<opencv_backend>(), false); }

}  // namespace parloop::inline v0_2::plug
