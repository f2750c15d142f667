// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Reductions: ranges of one to three dimensions, any operation, arrays; sizes around those of CUB's tiles.
#include <algorithm>
#include <numeric>
#include <parloop/cuda/reduce.cuh>
#include <vector>

#include "check.cuh"

namespace gpu = parloop::cuda;  // CUB brings its own namespace cuda
using parloop::grid;
using parloop::index_t;
using parloop::prange;

struct plus {
  __device__ index_t operator()(index_t a, index_t b) const { return a + b; }
};
struct itself {
  __device__ index_t operator()(index_t i) const { return i; }
};

void ranges() {
  gpu::stream s;
  for (index_t n : {0, 1, 2, 31, 255, 256, 257, 4095, 4096, 4097, 50000}) {
    CHECK(gpu::parallel_reduce(s, prange(n), index_t{0}, plus{}, itself{}) == n * (n - 1) / 2);
  }
  const index_t big = index_t{1} << 32;
  CHECK(gpu::parallel_reduce(s, prange(big - 50, big + 50), index_t{7}, plus{}, itself{}) == 100 * big - 50 + 7);
  CHECK(gpu::parallel_reduce(s, prange(10, 0, -3), index_t{0}, plus{}, itself{}) == 10 + 7 + 4 + 1);
  const auto pairs = [] __device__(index_t y, index_t x) { return 1000 * y + x; };
  CHECK(gpu::parallel_reduce(s, grid(3, 4), index_t{0}, plus{}, pairs) == 1000 * 12 + 18);
  const auto triples = [] __device__(index_t z, index_t y, index_t x) { return 10000 * z + 100 * y + x; };
  index_t expected = 0;
  for (index_t z : {9, 7, 5}) {
    for (index_t y : {0, 1}) {
      for (index_t x : {3, 7, 11}) expected += 10000 * z + 100 * y + x;
    }
  }
  const auto r = grid(prange(9, 4, -2), prange(2), prange(3, 12, 4));
  CHECK(gpu::parallel_reduce(s, r, index_t{0}, plus{}, triples) == expected);
  const auto larger = [] __device__(double a, double b) { return a > b ? a : b; };
  const auto bump = [] __device__(index_t i) { return -1.0 * static_cast<double>((i - 700) * (i - 700)); };
  CHECK(gpu::parallel_reduce(s, prange(1500), -1e300, larger, bump) == 0.0);
}

void arrays() {
  gpu::stream s;
  for (int n : {1, 2, 255, 256, 257, 4096, 30001}) {
    std::vector<int> host(static_cast<std::size_t>(n));
    for (int i = 0; i < n; ++i) host[static_cast<std::size_t>(i)] = (i * 7919) % 10007 - 5000;
    auto a = gpu::to_device(s, host);
    const auto& constant = a;
    CHECK(gpu::sum(s, constant) == std::accumulate(host.begin(), host.end(), 0));
    CHECK(gpu::min(s, a) == *std::min_element(host.begin(), host.end()));
    CHECK(gpu::max(s, a.view()) == *std::max_element(host.begin(), host.end()));
  }
  auto m = gpu::to_device(s, std::vector<double>(12, 0.5), gpu::shape<2>{3, 4});
  CHECK(gpu::sum(s, m) == 6.0);
  gpu::device_array<float> none(s, 0);
  CHECK(gpu::sum(s, none) == 0.0F);
  CHECK(test::contains(test::thrown<std::invalid_argument>([&] { static_cast<void>(gpu::min(s, none)); }), "min of"));
  CHECK(test::contains(test::thrown<std::invalid_argument>([&] { static_cast<void>(gpu::max(s, none)); }), "max of"));
}

/// CUB takes an error that somebody else left in the runtime's slot for its own.
void stale_error() {
  gpu::stream s;
  auto a = gpu::to_device(s, std::vector<int>(100, 2));
  void* memory = nullptr;
  CHECK(cudaMalloc(&memory, std::size_t{1} << 60) != cudaSuccess);
  CHECK(gpu::sum(s, a) == 200);
}

int main() {
  return test::run("reduce", [] {
    ranges();
    arrays();
    stale_error();
  });
}
