// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Stencils: the same bits as the CPU's, for every border, in one to three dimensions, at sizes below the radius too.
#include <parloop/algorithm/stencil.hpp>
#include <parloop/backend/serial.hpp>
#include <vector>

#include "check.cuh"

namespace cuda = parloop::cuda;
namespace border = parloop::border;
using parloop::index_t;

/// Every neighbour within R with a weight of its own.
template <int N, int R>
struct weighted {
#pragma nv_exec_check_disable  // called in host code with what is of the host, in device code with what is of the
                               // device
  template <class At>
  __host__ __device__ long long operator()(const At& at) const {
    long long sum = 0;
    long long weight = 1;
    for (index_t a = -R; a <= R; ++a) {
      if constexpr (N == 1) sum += weight++ * at(a);
      for (index_t b = N == 1 ? R + 1 : -R; b <= R; ++b) {
        if constexpr (N == 2) sum += weight++ * at(a, b);
        for (index_t c = N < 3 ? R + 1 : -R; c <= R; ++c) {
          if constexpr (N == 3) sum += weight++ * at(a, b, c);
        }
      }
    }
    return sum;
  }
};

std::vector<int> some(index_t count) {
  std::vector<int> made(static_cast<std::size_t>(count));
  for (index_t i = 0; i < count; ++i) made[static_cast<std::size_t>(i)] = static_cast<int>(i * 7919 % 1009) - 500;
  return made;
}

template <int N, class T>
parloop::view<T, N> host_view(T* data, const cuda::shape<N>& s) {
  if constexpr (N == 1) return parloop::view<T, N>(data, s[0]);
  if constexpr (N == 2) return parloop::view<T, N>(data, s[0], s[1]);
  if constexpr (N == 3) return parloop::view<T, N>(data, s[0], s[1], s[2]);
}

template <int N, int R, class Border>
void same_as_cpu(const cuda::shape<N>& extents, const Border& edge) {
  const index_t count = cuda::detail::element_count(extents, 1);
  const std::vector<int> in = some(count);
  std::vector<long long> expected(static_cast<std::size_t>(count));
  parloop::serial serial;
  parloop::stencil<R>(serial, host_view<N>(in.data(), extents), host_view<N>(expected.data(), extents),
                      weighted<N, R>{}, edge);
  cuda::stream s;
  const auto device_in = cuda::to_device(s, in, extents);
  cuda::device_array<long long, N> out(s, extents);
  cuda::fill(s, out, -1);
  cuda::stencil<R>(s, device_in, out, weighted<N, R>{}, edge);
  if (test::emulated() && count > 0) {
    const auto c = test::last_kernel();
    CHECK(c.races == 0 && c.uninitialised == 0);
  }
  if (CHECK(out.copy_to_host() == expected)) return;
  std::printf("  %s, radius %d\n", cuda::detail::shape_text(extents).c_str(), R);
}

template <int N, class Border>
void every_radius(const cuda::shape<N>& extents, const Border& edge) {
  same_as_cpu<N, 0>(extents, edge);
  same_as_cpu<N, 1>(extents, edge);
  same_as_cpu<N, N == 3 ? 2 : 3>(extents, edge);
}

template <int N>
void every_border(const cuda::shape<N>& extents) {
  every_radius<N>(extents, border::constant(7));
  every_radius<N>(extents, border::nearest());
  every_radius<N>(extents, border::reflect());
  every_radius<N>(extents, border::wrap());
}

struct average {
#pragma nv_exec_check_disable  // called in host code with what is of the host, in device code with what is of the
                               // device
  template <class At>
  __host__ __device__ float operator()(const At& at) const {
    return (at(-1, 0) + at(1, 0) + at(0, -1) + at(0, 1)) * 0.25F;
  }
};

void steps() {
  const cuda::shape<2> extents{21, 34};
  for (index_t count : {0, 1, 2, 5}) {
    std::vector<float> now(21 * 34);
    for (std::size_t i = 0; i < now.size(); ++i) now[i] = static_cast<float>(i % 37);
    std::vector<float> next(now.size(), -1.0F);
    cuda::stream s;
    auto device_now = cuda::to_device(s, now, extents);
    auto device_next = cuda::to_device(s, next, extents);
    parloop::serial serial;
    const auto expected = parloop::stencil_steps(serial, host_view<2>(now.data(), extents),
                                                 host_view<2>(next.data(), extents), count, average{}, border::wrap());
    const auto result = cuda::stencil_steps(s, device_now, device_next, count, average{}, border::wrap());
    CHECK((expected.data() == now.data()) == (result.data() == device_now.data()));
    CHECK(device_now.copy_to_host() == now && device_next.copy_to_host() == next);
  }
}

void refusals() {
  cuda::stream s;
  cuda::device_array<float, 2> a(s, {4, 5});
  cuda::device_array<float, 2> b(s, {5, 4});
  cuda::device_array<float> none(s, 0);
  cuda::device_array<float> empty(s, 0);
  const auto refused = [&](auto call) { return test::thrown<std::invalid_argument>(call); };
  const auto nearest = border::nearest();
  CHECK(test::contains(refused([&] { cuda::stencil(s, a, b, average{}, nearest); }), "input's shape is 4 x 5"));
  CHECK(test::contains(refused([&] { cuda::stencil(s, a, a, average{}, nearest); }), "overlaps the input"));
  const auto flat = a.view().flat();
  CHECK(test::contains(refused([&] { cuda::stencil(s, flat.part(0, 9), flat.part(1, 9), weighted<1, 1>{}, nearest); }),
                       "overlaps a part"));
  CHECK(test::contains(refused([&] { static_cast<void>(cuda::stencil_steps(s, a, a, -1, average{}, nearest)); }),
                       "number of steps is negative"));
  const auto before = test::launches();
  cuda::stencil(s, none, empty, weighted<1, 1>{}, nearest);
  CHECK(test::launches() == before);
}

/// An offset beyond the radius is the fault of a kernel, and is said to be one.
void too_far() {
  if (!test::emulated()) return;  // a GPU could not be used any more in this process
  cuda::stream s;
  auto in = cuda::to_device(s, some(100));
  cuda::device_array<int> out(s, 100);
  cuda::stencil<2>(
      s, in, out, [] __device__(auto at) { return at(-2) + at(2); }, border::nearest());
  CHECK(out.copy_to_host()[0] == in.copy_to_host()[0] + in.copy_to_host()[2]);
  const auto text = test::thrown<cuda::cuda_error>([&] {
    cuda::stencil(
        s, in, out, [] __device__(auto at) { return at(-2) + at(2); }, border::nearest());
    s.synchronize();
  });
  CHECK(test::contains(text, "the fault of a kernel that ran earlier"));
  cudaemu_reset_sticky();
}

int main() {
  return test::run("stencil", [] {
    for (index_t n : {0, 1, 2, 3, 4, 7, 255, 256, 1000}) every_border<1>({n});
    for (index_t ny : {1, 2, 5, 40}) {
      for (index_t nx : {1, 3, 32, 70}) every_border<2>({ny, nx});
    }
    every_border<2>({3, 0});
    every_border<3>({1, 1, 1});
    every_border<3>({2, 7, 5});
    every_border<3>({6, 9, 40});
    steps();
    refusals();
    too_far();
  });
}
