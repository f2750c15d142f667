// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What an element costs in PTX instructions, by the emulator's count: parloop, CUB's transform, a kernel that one
/// writes first.
/// Not a time: orders of magnitude of the work that is not memory access. Needs the emulator.
#include <cmath>
#include <cub/device/device_transform.cuh>
#include <string>
#include <vector>

#include "check.cuh"

namespace gpu = parloop::cuda;  // CUB brings its own namespace cuda
using parloop::index_t;

struct triad {
  __host__ __device__ float operator()(float a, float b) const { return a + 3.0F * b; }
};
struct add_two {
  __host__ __device__ double operator()(double a) const { return a + 2; }
};

/// Kernels that one writes first: one thread per element, with indices of 32 bits where it can ...
__global__ void thread_per_float(float* z, const float* x, const float* y, int n) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < n) z[i] = x[i] + 3.0F * y[i];
}
__global__ void thread_per_double(double* out, const double* in, int nz, int ny, int nx) {
  const int x = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  const int y = static_cast<int>(blockIdx.y * blockDim.y + threadIdx.y);
  const int z = static_cast<int>(blockIdx.z * blockDim.z + threadIdx.z);
  if (x >= nx || y >= ny || z >= nz) return;
  const std::size_t i = (static_cast<std::size_t>(z) * ny + y) * nx + x;
  out[i] = in[i] + 2;
}
/// ... or one thread per x, the contiguous index, and loops over z and y.
__global__ void thread_per_x(double* out, const double* in, int nz, int ny, int nx) {
  const int x = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (x >= nx) return;
  for (int z = 0; z < nz; ++z) {
    for (int y = 0; y < ny; ++y) {
      const std::size_t i = (static_cast<std::size_t>(z) * ny + y) * nx + x;
      out[i] = in[i] + 2;
    }
  }
}

/// What the kernel of one thread per x takes for x + 2, in warp instructions per 1000 elements, by nvcc 13.0.88;
/// checked below. A loop over a grid may take a tenth more.
constexpr double naive = 395;
constexpr double tenth_more = 1.1 * naive;

double report(const char* what, index_t n) {
  const auto c = test::last_kernel();
  const double per_1000 = static_cast<double>(c.warp_instructions) * 1000 / static_cast<double>(n);
  std::printf("| %-46s | %7.0f | %9llu | %9llu | %4.0f %% |\n", what, per_1000, c.loads, c.loads_16,
              100 * test::coalescing(c.load_bytes, c.load_sectors));
  return per_1000;
}

/// The float triad, on 1000003 elements.
void triads() {
  const index_t n = 1000003;
  gpu::stream s;
  auto a = gpu::to_device(s, std::vector<float>(n, 1.0F));
  auto b = gpu::to_device(s, std::vector<float>(n, 2.0F));
  auto c = gpu::device_array_like(a);
  const auto right = [&] {
    bool all = true;
    for (float v : c.copy_to_host()) all = all && v == 7.0F;
    gpu::fill(s, c, 0.0F);
    return all;
  };
  gpu::transform(s, a, b, c, triad{});
  CHECK(report("parloop transform, float triad, U = 2", n) <= 150);
  CHECK(right());
  const float* x = a.data();
  const float* y = b.data();
  float* z = c.data();
  gpu::parallel_for(s, parloop::prange(n), [=] __device__(index_t i) { z[i] = x[i] + 3.0F * y[i]; });
  CHECK(report("parloop parallel_for, float triad", n) <= tenth_more);
  CHECK(right());
  gpu::parallel_for(s, parloop::prange(65000), [=] __device__(index_t i) { z[i] = x[i] + 3.0F * y[i]; });
  CHECK(report("the same, 65000 elements: a thread for each", 65000) <= 800);
  thread_per_float<<<(n + 255) / 256, 256, 0, s.get()>>>(z, x, y, static_cast<int>(n));
  report("a thread per element, float triad", n);
  CHECK(right());
  CHECK(cub::DeviceTransform::Transform(cuda::std::make_tuple(x, y), z, n, triad{}, s.get()) == cudaSuccess);
  report("cub::DeviceTransform, float triad", n);
  CHECK(right());
}

/// x + 2 over doubles.
void adds() {
  const int nz = 16;
  const int ny = 64;
  const int nx = 512;
  const index_t n = index_t{nz} * ny * nx;
  gpu::stream s;
  auto in = gpu::to_device(s, std::vector<double>(static_cast<std::size_t>(n), 1.0), gpu::shape<3>{nz, ny, nx});
  auto out = gpu::device_array_like(in);
  const auto right = [&] {
    bool all = true;
    for (double v : out.copy_to_host()) all = all && v == 3.0;
    gpu::fill(s, out, 0.0);
    return all;
  };
  gpu::transform(s, in, out, add_two{});
  report("parloop transform, x + 2", n);
  CHECK(right());
  const auto from = in.view();
  const auto to = out.view();
  gpu::parallel_for(s, parloop::grid(nz, ny, nx),
                    [=] __device__(index_t z, index_t y, index_t x) { to(z, y, x) = from(z, y, x) + 2; });
  CHECK(report("parloop parallel_for over (z, y, x), x + 2", n) <= tenth_more);
  CHECK(right());
  const auto plane_from = gpu::device_view<const double, 2>(in.data(), {nz * ny, nx}, in.device());
  const auto plane_to = gpu::device_view<double, 2>(out.data(), {nz * ny, nx}, in.device());
  gpu::parallel_for(s, parloop::grid(nz * ny, nx),
                    [=] __device__(index_t y, index_t x) { plane_to(y, x) = plane_from(y, x) + 2; });
  CHECK(report("parloop parallel_for over (y, x), x + 2", n) <= tenth_more);
  CHECK(right());
  CHECK(cub::DeviceTransform::Transform(in.data(), out.data(), n, add_two{}, s.get()) == cudaSuccess);
  report("cub::DeviceTransform, x + 2", n);
  CHECK(right());
  thread_per_x<<<(nx + 15) / 16, 16, 0, s.get()>>>(out.data(), in.data(), nz, ny, nx);
  CHECK(std::abs(report("a thread per x, loops over z and y, x + 2", n) - naive) < 1);
  CHECK(right());
  thread_per_double<<<dim3(nx / 32, ny / 4, nz / 2), dim3(32, 4, 2), 0, s.get()>>>(out.data(), in.data(), nz, ny, nx);
  report("a thread per element, x + 2", n);
  CHECK(right());
}

/// Rows that are short: their threads take several rows of a column.
void short_rows() {
  for (index_t nx : {3, 32, 100}) {
    const index_t ny = 600000 / nx;
    gpu::stream s;
    gpu::device_array<double, 2> a(s, {ny, nx});
    gpu::fill(s, a, 1.0);
    const auto v = a.view();
    gpu::parallel_for(s, parloop::grid(ny, nx), [=] __device__(index_t y, index_t x) { v(y, x) += 2; });
    const std::string what = "parloop parallel_for, rows of " + std::to_string(nx) + ", x + 2";
    CHECK(report(what.c_str(), ny * nx) <= (nx == 32 ? 350 : 470));  // a quarter of the lanes idle but for 32
    const auto c = test::last_kernel();
    CHECK(test::coalescing(c.load_bytes, c.load_sectors) > 0.99);
    for (double x : a.copy_to_host()) {
      if (!CHECK(x == 3.0)) break;
    }
  }
}

int main() {
  if (!test::emulated()) {
    std::printf("static_cost: SKIPPED: instructions are counted by the emulator\n");
    return test::skipped;
  }
  return test::run("static_cost", [] {
    std::printf("Emulator counts, PTX of compute capability %s, CUB %d\n",
                gpu::describe().find("7.5") != std::string::npos ? "7.5" : "other", CUB_VERSION);
    std::printf("| %-46s | warp instructions per 1000 elements | load requests | of 16 bytes | coalescing |\n", "");
    std::printf("| --- | --- | --- | --- | --- |\n");
    triads();
    adds();
    short_rows();
  });
}
