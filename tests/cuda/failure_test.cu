// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Every call to the runtime fails once: a clear error or none, nothing leaks, nothing is left behind, and the next run
/// works. Needs the emulator, which fails calls on demand.
#include <parloop/cuda/reduce.cuh>
#include <parloop/cuda/scan.cuh>
#include <vector>

#include "check.cuh"

namespace gpu = parloop::cuda;  // CUB brings its own namespace cuda
using parloop::index_t;

/// Uses everything that calls the runtime. Returns whether the results are right.
bool everything() {
  const index_t n = 5000;
  static_cast<void>(gpu::describe());
  gpu::stream s;
  gpu::stream second;
  gpu::event start;
  gpu::event stop;
  gpu::pinned_array<float> host(n, 2.0F);
  gpu::pinned_array<float> result(n, 0.0F);
  start.record(s);
  auto a = gpu::to_device(s, host);
  auto b = gpu::device_array_like(a);
  auto c = gpu::device_array_like(s, a);
  gpu::fill(s, b, 0.0F);
  gpu::fill(s, c, 1.5F);
  gpu::transform(s, a, c, b, [] __device__(float x, float y) { return x * y; });
  gpu::generate(s, c, [] __device__(index_t i) { return static_cast<float>(i); });
  gpu::copy(s, b, a);
  const auto v = a.view();
  gpu::parallel_for(s, parloop::prange(n), [=] __device__(index_t i) { v[i] += 1.0F; });
  gpu::parallel_for(s, parloop::grid(50, 100), [=] __device__(index_t y, index_t x) { v[100 * y + x] += 1.0F; });
  gpu::stencil(
      s, a, c, [] __device__(auto at) { return at(-1); }, parloop::border::wrap());
  gpu::scratch_memory kept;
  gpu::inclusive_scan(s, kept, c, c, [] __device__(float, float y) { return y; });
  const auto again = gpu::capture(s, [&] { gpu::fill(s, c, 17.0F); });
  again.launch(s);
  stop.record(s);
  second.wait(stop);
  a.copy_to_host(second, result);
  second.synchronize();
  bool right = gpu::elapsed(start, stop).count() >= 0.0F;
  for (float x : result) right = right && x == 5.0F;
  right = right && gpu::sum(s, a) == 25000.0F && gpu::min(s, a) == 5.0F;
  right = right && a.copy_to_host()[17] == 5.0F && gpu::copy_to_host(c)[17] == 17.0F;
  gpu::synchronize(s);
  gpu::synchronize();
  return right;
}

/// No failure of `api`'s calls is left to happen.
void disarm(const char* api) { cudaemu_fail(api, 1 << 30, cudaErrorUnknown); }

/// What must hold after a run, failed or not: nothing allocated, no stale error, and the next run works.
void nothing_left(const char* api, int call) {
  disarm(api);
  bool clean = CHECK(cudaemu_live_allocs() == 0 && cudaemu_live_graphs() == 0);
  clean = CHECK(cudaPeekAtLastError() == cudaSuccess) && clean;
  clean = CHECK(everything()) && clean;
  if (!clean) std::printf("  after call %d of %s failed\n", call, api);
}

/// The calls of `api` fail one after another until a run needs no more of them. Returns how many there were.
int fail_each(const char* api) {
  for (int call = 0;; ++call) {
    cudaemu_fail(api, call, cudaErrorNotPermitted);
    bool failed = false;
    try {
      everything();
    } catch (const gpu::cuda_error& e) {
      failed = true;
      // CUB reports some failures of the calls it makes under codes of its own.
      const bool through_cub = test::contains(e.what(), "cub::Device");
      CHECK(through_cub || e.code() == cudaErrorNotPermitted);
      CHECK(e.where().line() > 0 && test::contains(e.where().file_name(), "failure_test.cu"));
      CHECK(through_cub || test::contains(e.what(), api));
      // A launch names its kernel and its shape.
      if (std::strcmp(api, "cudaLaunchKernel") == 0 && !through_cub) {
        CHECK(*e.call().kernel != '\0' && e.call().grid.x > 0);
        CHECK(e.call().block.x * e.call().block.y == 256 && test::contains(e.what(), "launching "));
      }
    }
    nothing_left(api, call);
    if (!failed) return call;
  }
}

/// The same for calls that end something: the error is swallowed, and the memory must go back all the same.
void fail_silently(const char* api, int calls) {
  for (int call = 0; call < calls; ++call) {
    cudaemu_fail(api, call, cudaErrorNotPermitted);
    CHECK(everything());
    nothing_left(api, call);
  }
}

int main() {
  if (!test::emulated()) {
    std::printf("failure: SKIPPED: a GPU does not fail on demand\n");
    return test::skipped;
  }
  return test::run("failure", [] {
    CHECK(everything());
    for (const char* api :
         {"cudaGetDevice",         "cudaDeviceGetAttribute", "cudaGetDeviceProperties", "cudaMallocAsync",
          "cudaMemcpyAsync",       "cudaMemsetAsync",        "cudaMallocHost",          "cudaStreamCreateWithFlags",
          "cudaStreamSynchronize", "cudaStreamWaitEvent",    "cudaEventCreate",         "cudaEventRecord",
          "cudaEventSynchronize",  "cudaEventElapsedTime",   "cudaDeviceSynchronize",   "cudaLaunchKernel",
          "cudaStreamIsCapturing", "cudaStreamBeginCapture", "cudaStreamEndCapture",    "cudaGraphInstantiate",
          "cudaGraphLaunch"}) {
      const int calls = fail_each(api);
      std::printf("%-28s %d calls failed one by one\n", api, calls);
      CHECK(calls > 0);
    }
    fail_each("cudaOccupancy");  // CUB's
    fail_silently("cudaFreeAsync", 8);
    fail_silently("cudaFreeHost", 2);
    fail_silently("cudaStreamDestroy", 2);
    fail_silently("cudaEventDestroy", 2);
  });
}
