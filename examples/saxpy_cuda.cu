// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// y = a x + y on the GPU, in place.
/// nvcc -std=c++20 --extended-lambda -Iinclude examples/saxpy_cuda.cu -o saxpy
#include <cstdio>
#include <parloop/cuda.cuh>
#include <vector>

namespace pl = parloop;

int main() {
  if (!pl::cuda::available()) return std::printf("%s\n", pl::cuda::describe().c_str()), 1;
  const std::size_t n = 1'000'000;
  auto x = pl::cuda::to_device(std::vector<float>(n, 1.0F));
  auto y = pl::cuda::to_device(std::vector<float>(n, 2.0F));

  const float a = 3.0F;
  pl::cuda::stream stream;
  pl::cuda::transform(stream, x, y, y, [a] __device__(float xi, float yi) { return a * xi + yi; });
  stream.synchronize();

  std::size_t wrong = 0;
  for (float v : y.copy_to_host()) wrong += v != 5.0F;
  std::printf("%zu elements, %zu wrong\n", n, wrong);
  return wrong == 0 ? 0 : 1;
}
