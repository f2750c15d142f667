// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The kernels that parloop ships, instantiated for evidence.py to compile, count and look at.
#include <cuda_fp16.h>

#include <parloop/cuda.cuh>

namespace cuda = parloop::cuda;

/// The functions are as small as can be, so that registers and instructions are the kernel's.
struct index_as {
  template <class I>
  __device__ I operator()(I i) const {
    return i;
  }
};
struct add_two {
  template <class T>
  __device__ T operator()(T a) const {
    return static_cast<T>(a + T(2));
  }
};
struct triad {
  template <class T>
  __device__ T operator()(T a, T b) const {
    return static_cast<T>(a + T(3) * b);
  }
};
struct multiply_add {
  template <class T>
  __device__ T operator()(T a, T b, T c) const {
    return static_cast<T>(a * b + c);
  }
};
template <class T>
struct store_index {
  T* to;
  __device__ void operator()(parloop::index_t i) const { to[i] = static_cast<T>(i); }
  __device__ void operator()(parloop::index_t y, parloop::index_t x) const { to[y * 1000 + x] = static_cast<T>(x); }
  __device__ void operator()(parloop::index_t z, parloop::index_t y, parloop::index_t x) const {
    to[(z * 1000 + y) * 1000 + x] = static_cast<T>(x);
  }
};

namespace parloop::inline v0_2::cuda::detail {

#define PARLOOP_EVIDENCE(T)                                                                                    \
  template __global__ void transform_tiles<2, constant<T>, T>(tile_plan, constant<T>, T*);                     \
  template __global__ void transform_tiles<2, index_as, T>(tile_plan, index_as, T*);                           \
  template __global__ void transform_tiles<4, add_two, T, T>(tile_plan, add_two, T*, const T*);                \
  template __global__ void transform_tiles<2, triad, T, T, T>(tile_plan, triad, T*, const T*, const T*);       \
  template __global__ void transform_tiles<1, multiply_add, T, T, T, T>(tile_plan, multiply_add, T*, const T*, \
                                                                        const T*, const T*);
PARLOOP_EVIDENCE(signed char)
PARLOOP_EVIDENCE(short)
PARLOOP_EVIDENCE(float)
PARLOOP_EVIDENCE(double)
template __global__ void transform_tiles<4, add_two, __half, __half>(tile_plan, add_two, __half*, const __half*);
template __global__ void transform_tiles<2, triad, __half, __half, __half>(tile_plan, triad, __half*, const __half*,
                                                                           const __half*);
#define PARLOOP_LOOP_EVIDENCE(Way, N)                                                               \
  template __global__ void for_each_index<stride::one, Way, N>(index_space<N>, store_index<float>); \
  template __global__ void for_each_index<stride::any, Way, N>(index_space<N>, store_index<float>);
PARLOOP_LOOP_EVIDENCE(way::single, 1)
PARLOOP_LOOP_EVIDENCE(way::single, 2)
PARLOOP_LOOP_EVIDENCE(way::single, 3)
PARLOOP_LOOP_EVIDENCE(way::along_x, 1)
PARLOOP_LOOP_EVIDENCE(way::along_x, 2)
PARLOOP_LOOP_EVIDENCE(way::along_x, 3)
PARLOOP_LOOP_EVIDENCE(way::along_rows, 2)
PARLOOP_LOOP_EVIDENCE(way::along_rows, 3)

}  // namespace parloop::inline v0_2::cuda::detail
