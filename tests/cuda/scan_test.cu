// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Scans: any operation, other types of elements, in place; sizes around those of CUB's tiles.
#include <parloop/cuda/scan.cuh>
#include <vector>

#include "check.cuh"

namespace gpu = parloop::cuda;  // CUB brings its own namespace cuda
using parloop::index_t;

/// Associative, not commutative: the map x -> a x + b modulo 2^32, as `after` following `before`.
struct affine {
  unsigned a;
  unsigned b;
  friend bool operator==(const affine&, const affine&) = default;
};
struct compose {
  __host__ __device__ affine operator()(const affine& before, const affine& after) const {
    return {before.a * after.a, before.b * after.a + after.b};
  }
};

std::vector<affine> maps(index_t n) {
  std::vector<affine> made(static_cast<std::size_t>(n));
  for (unsigned i = 0; i < made.size(); ++i) made[i] = {2 * i + 1, 7919 * i};
  return made;
}

void in_order(index_t n) {
  gpu::stream s;
  gpu::scratch_memory kept;
  const auto host = maps(n);
  const affine init{3, 5};
  std::vector<affine> inclusive(host.size());
  std::vector<affine> exclusive(host.size());
  affine with = init;
  affine without{1, 0};
  for (std::size_t i = 0; i < host.size(); ++i) {
    exclusive[i] = with;
    with = compose{}(with, host[i]);
    without = compose{}(without, host[i]);
    inclusive[i] = without;
  }
  const auto in = gpu::to_device(s, host);
  auto out = gpu::device_array_like(in);
  gpu::inclusive_scan(s, in, out, compose{});
  bool right = CHECK(out.copy_to_host() == inclusive);
  gpu::exclusive_scan(s, in, out, init, compose{});
  right = CHECK(out.copy_to_host() == exclusive) && right;
  gpu::inclusive_scan(s, kept, in, out, compose{});
  right = CHECK(out.copy_to_host() == inclusive) && right;
  gpu::copy(s, in, out);
  gpu::exclusive_scan(s, kept, out, out.view(), init, compose{});  // in place
  right = CHECK(out.copy_to_host() == exclusive) && right;
  CHECK((kept.bytes() > 0) == (n > 0));
  if (!right) std::printf("  %lld elements\n", static_cast<long long>(n));
}

/// Sums in the output's type: of bytes beyond 255, of integers as fractions; also of 2-D arrays in row-major order.
void types() {
  gpu::stream s;
  const auto bytes = gpu::to_device(s, std::vector<unsigned char>(3000, 200));
  gpu::device_array<long long> wide(s, 3000);
  gpu::inclusive_scan(s, bytes, wide);
  CHECK(wide.copy_to_host()[2999] == 600000);
  gpu::device_array<double, 2> fractions(s, {30, 40});
  const auto ints = gpu::to_device(s, std::vector<int>(1200, 3), gpu::shape<2>{30, 40});
  gpu::exclusive_scan(s, ints, fractions, 0.5);
  CHECK(fractions.copy_to_host()[1199] == 0.5 + 3 * 1199);
  const auto larger = [] __device__(long long a, long long b) { return a > b ? a : b; };
  gpu::generate(s, wide, [] __device__(index_t i) { return i % 1000; });
  gpu::inclusive_scan(s, wide, wide, larger);
  const auto most = wide.copy_to_host();
  CHECK(most[500] == 500 && most[999] == 999 && most[1000] == 999 && most[2999] == 999);
}

void refusals() {
  gpu::stream s;
  auto a = gpu::to_device(s, std::vector<int>(100, 1));
  gpu::device_array<int> shorter(s, 99);
  const auto refused = [&](auto call) { return test::thrown<std::invalid_argument>(call); };
  CHECK(
      test::contains(refused([&] { gpu::inclusive_scan(s, a, shorter); }), "inclusive_scan: the input's shape is 100"));
  CHECK(test::contains(refused([&] { gpu::exclusive_scan(s, a.view().part(0, 50), a.view().part(1, 50), 0); }),
                       "overlaps a part of an input"));
  const auto before = test::launches();
  gpu::device_array<int> none(s, 0);
  gpu::inclusive_scan(s, none, none);
  CHECK(test::launches() == before);
  void* memory = nullptr;
  CHECK(cudaMalloc(&memory, std::size_t{1} << 60) != cudaSuccess);  // an error of somebody else's
  gpu::inclusive_scan(s, a, a);
  CHECK(a.copy_to_host()[99] == 100);
}

int main() {
  return test::run("scan", [] {
    for (index_t n : {0, 1, 2, 31, 32, 33, 255, 256, 1000, 3839, 3840, 3841, 20000}) in_order(n);
    types();
    refusals();
  });
}
