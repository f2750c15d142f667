// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A program where no GPU can be used, linked with NVIDIA's runtime: every entry says so, in a sentence, and none
/// crashes.
#include <vector>

#include "check.cuh"

namespace cuda = parloop::cuda;

int main() {
  if (cuda::available()) {
    std::printf("no_gpu: SKIPPED: there is a device, %s\n", cuda::describe().c_str());
    return test::skipped;
  }
  CHECK(test::contains(cuda::describe(), "no CUDA device can be used: "));
  std::printf("%s\n", cuda::describe().c_str());

  const auto refuses = [](auto call) {
    const auto text = test::thrown<cuda::cuda_error>(call);
    CHECK(test::contains(text, "no_gpu_test.cu:"));
    // Where there is no driver the runtime reports that from every call, so its last-error slot cannot be cleared.
    if (test::emulated()) CHECK(cudaPeekAtLastError() == cudaSuccess);
    std::printf("%s\n", text.c_str());
  };
  refuses([] { cuda::stream s; });
  refuses([] { cuda::event e; });
  refuses([] { cuda::pinned_array<int> a(10); });
  refuses([] { cuda::device_array<int> a(cuda::default_stream, 10); });
  refuses([] { static_cast<void>(cuda::to_device(std::vector<int>(10))); });
  refuses([] { cuda::synchronize(); });
  refuses([] { cuda::synchronize(cuda::default_stream); });
  refuses([] { cuda::parallel_for(cuda::default_stream, parloop::prange(10), [] __device__(parloop::index_t) {}); });
  std::printf("no_gpu: %lld checks, %d failures\n", test::checks, test::failures);
  return test::failures == 0 ? 0 : 1;
}
