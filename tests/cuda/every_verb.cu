// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// One call of every verb, to be compiled for every architecture.
#include <parloop/cuda.cuh>
#include <parloop/parloop.hpp>  // which nvcc has to bear beside it

namespace cuda = parloop::cuda;
using parloop::index_t;

void every_verb(const std::vector<float>& host) {
  cuda::stream s;
  auto a = cuda::to_device(s, host);
  auto b = cuda::device_array_like(a);
  auto c = cuda::device_array_like(s, b);
  cuda::device_array<double, 2> m(s, {3, 4});
  cuda::device_array<unsigned char, 3> v(s, {3, 4, 5});
  cuda::fill(s, b, 2);
  cuda::generate(s, c, [] __device__(index_t i) { return static_cast<float>(i); });
  cuda::transform(s, c, [] __device__(index_t i) { return static_cast<float>(i); });
  cuda::transform(s, a, b, [] __device__(float x) { return x + 2; });
  cuda::transform(s, a, b, c, [] __device__(float x, float y) { return x * y; });
  cuda::transform(s, a, b, c, c, [] __device__(float x, float y, float z) { return x * y + z; });
  cuda::copy(s, a, b);
  const auto one = a.view();
  const auto two = m.view();
  const auto three = v.view();
  cuda::parallel_for(s, parloop::prange(a.size()), [=] __device__(index_t i) { one[i] = 1; });
  cuda::parallel_for(s, parloop::prange(a.size() - 1, -1, -2), [=] __device__(index_t i) { one(i) = 1; });
  cuda::parallel_for(s, parloop::grid(3, 4), [=] __device__(index_t y, index_t x) { two(y, x) = 1; });
  cuda::parallel_for(s, parloop::grid(3, 4, 5),
                     [=] __device__(index_t z, index_t y, index_t x) { three(z, y, x) = 1; });
  cuda::generate(s, m, [] __device__(index_t i) {
    parloop::random_stream random(1, i);
    return random.uniform() + parloop::uniform4(2, i).w;
  });
  cuda::stencil(
      s, a, b, [] __device__(auto at) { return at(-1) + at(1); }, parloop::border::reflect());
  cuda::stencil<2>(
      s, m, cuda::device_array<double, 2>(s, {3, 4}), [] __device__(auto at) { return at(-2, 2); },
      parloop::border::constant(0.0));
  static_cast<void>(cuda::stencil_steps(
      s, a, b, 3, [] __device__(auto at) { return at(0); }, parloop::border::wrap()));
  cuda::for_each_row(
      s, [] __device__(auto row, float& first) { first = static_cast<float>(row[0]); }, m, cuda::one_each(a));
  cuda::for_each_column(
      s, [] __device__(auto column, int by) { column[0] *= by; }, m, 2);
  const auto again = cuda::capture(s, [&] { cuda::fill(s, b, 3); });
  again.launch(s);
  cuda::synchronize(s);
}
