// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Kernels that are broken on purpose: each must be caught by what the other tests rely on, lest those be always green.
/// Needs the emulator; on a GPU some of these would spoil the process.
#include <vector>

#include "check.cuh"

namespace cuda = parloop::cuda;
using parloop::index_t;

enum class fault {
  none,
  off_by_one,
  written_twice,
  written_twice_by_one_thread,
  last_missed,
  vector_past_the_end,
  misaligned_vector,
  uncoalesced,
  uninitialised
};

constexpr index_t n = 1001;

template <fault Fault>
__global__ void broken(float* y, const float* x) {
  const index_t i = index_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if constexpr (Fault == fault::none) {
    if (i < n) y[i] = x[i] + 2;
  } else if constexpr (Fault == fault::off_by_one) {
    if (i <= n) y[i] = x[i] + 2;
  } else if constexpr (Fault == fault::written_twice) {
    if (i < n) y[i] = x[i] + 2;
    if (i + 1 < n) y[i + 1] = x[i + 1] + 2;
  } else if constexpr (Fault == fault::written_twice_by_one_thread) {
    if (i < n) {
      static_cast<volatile float*>(y)[i] = 0;
      static_cast<volatile float*>(y)[i] = x[i] + 2;
    }
  } else if constexpr (Fault == fault::last_missed) {
    if (i < n - 1) y[i] = x[i] + 2;
  } else if constexpr (Fault == fault::vector_past_the_end) {
    if (i < (n + 3) / 4) {
      const float4 v = reinterpret_cast<const float4*>(x)[i];
      reinterpret_cast<float4*>(y)[i] = make_float4(v.x + 2, v.y + 2, v.z + 2, v.w + 2);
    }
  } else if constexpr (Fault == fault::misaligned_vector) {
    if (i < n / 8) reinterpret_cast<float4*>(y)[i] = reinterpret_cast<const float4*>(x + 1)[i];
  } else if constexpr (Fault == fault::uncoalesced) {
    const index_t j = i * 32 % n;
    if (i < n) y[j] = x[j] + 2;
  } else {
    if (i < n) y[i] += x[i] + 2;
  }
}

struct outcome {
  std::string error;  // of the next wait
  index_t wrong = 0;  // elements that are not 3
  test::counters seen{};
};

template <fault Fault>
outcome run() {
  outcome o;
  cuda::stream s;
  auto x = cuda::to_device(s, std::vector<float>(n, 1.0F));
  auto y = cuda::device_array_like(x);
  o.error = test::thrown<cuda::cuda_error>([&] {
    cuda::detail::launch(s, "broken", {dim3(4), dim3(256)}, broken<Fault>, y.data(), x.data());
    s.synchronize();
  });
  o.seen = test::last_kernel();
  if (o.error.empty()) {
    for (float v : y.copy_to_host()) o.wrong += v != 3.0F;
  }
  cudaemu_reset_sticky();
  return o;
}

bool once(const outcome& o) { return o.seen.store_bytes == n * sizeof(float) && o.seen.races == 0; }

/// A queued copy that nobody waited for.
void missing_wait() {
  cudaemu_set_defer(1);
  cuda::stream s;
  cuda::pinned_array<float> host(n, 1.0F);
  auto x = cuda::to_device(s, host);
  cuda::pinned_array<float> result(n, -1.0F);
  x.copy_to_host(s, result);
  CHECK(result[0] == -1.0F);
  s.synchronize();
  CHECK(result[0] == 1.0F);
  cudaemu_set_defer(0);
}

void leak() {
  const auto before = cudaemu_live_allocs();
  void* lost = nullptr;
  CHECK(cudaMalloc(&lost, 16) == cudaSuccess);
  CHECK(cudaemu_live_allocs() == before + 1);
  CHECK(cudaFree(lost) == cudaSuccess);
}

int main() {
  if (!test::emulated()) {
    std::printf("negative: SKIPPED: broken kernels run under the emulator only\n");
    return test::skipped;
  }
  return test::run("negative", [] {
    const auto good = run<fault::none>();
    CHECK(good.error.empty() && good.wrong == 0 && once(good) && good.seen.uninitialised == 0);
    CHECK(test::coalescing(good.seen.load_bytes, good.seen.load_sectors) >= 0.99);
    for (const auto& o : {run<fault::off_by_one>(), run<fault::vector_past_the_end>()}) {
      CHECK(test::contains(o.error, "cudaErrorIllegalAddress"));
      CHECK(test::contains(o.error, "the fault of a kernel that ran earlier"));
    }
    CHECK(test::contains(run<fault::misaligned_vector>().error, "cudaErrorMisalignedAddress"));
    const auto twice = run<fault::written_twice>();
    CHECK(twice.seen.races > 0 && !once(twice) && twice.wrong == 0);
    const auto same = run<fault::written_twice_by_one_thread>();
    CHECK(!once(same) && same.wrong == 0);
    CHECK(run<fault::last_missed>().wrong == 1);
    const auto scattered = run<fault::uncoalesced>();
    CHECK(test::coalescing(scattered.seen.load_bytes, scattered.seen.load_sectors) < 0.5 && scattered.wrong == 0);
    CHECK(run<fault::uninitialised>().seen.uninitialised > 0);
    missing_wait();
    leak();
    CHECK(cudaGetLastError() == cudaSuccess);
  });
}
