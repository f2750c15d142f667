// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Kernels that evidence.py must find fault with: narrow accesses, stores before loads, spilled registers.

struct alignas(16) four {
  float v[4];
};

extern "C" __global__ void narrow(float* y, const float* x) { y[threadIdx.x] = x[threadIdx.x] + 2; }

extern "C" __global__ void interleaved(volatile four* y, const volatile four* x) {
  for (int u = 0; u < 2; ++u) {
    asm volatile(
        "{ .reg .f32 a, b, c, d;\n"
        "ld.volatile.global.v4.f32 {a, b, c, d}, [%1];\n"
        "st.volatile.global.v4.f32 [%0], {a, b, c, d}; }"
        :
        : "l"(y + u * 256 + threadIdx.x), "l"(x + u * 256 + threadIdx.x)
        : "memory");
  }
}

extern "C" __global__ void __maxnreg__(24) spilled(four* y, const four* x) {
  four v[16];
  for (int u = 0; u < 16; ++u) v[u] = x[u * 256 + threadIdx.x];
  for (int u = 0; u < 16; ++u) {
    for (int k = 0; k < 4; ++k) y[u * 256 + threadIdx.x].v[k] = v[u].v[k] * v[15 - u].v[3 - k];
  }
}
