// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// for_each_row and for_each_column: every line once, with what each argument has for it; what does not fit is refused.
#include <utility>
#include <vector>

#include "check.cuh"

namespace cuda = parloop::cuda;
using parloop::index_t;

void rows(index_t ny, index_t nx) {
  cuda::stream s;
  std::vector<double> host(static_cast<std::size_t>(ny * nx));
  std::vector<double> factors(static_cast<std::size_t>(ny));
  std::vector<int> shared(static_cast<std::size_t>(nx));
  for (std::size_t i = 0; i < host.size(); ++i) host[i] = static_cast<double>(i * 31 % 17);
  for (std::size_t y = 0; y < factors.size(); ++y) factors[y] = static_cast<double>(y % 5);
  for (std::size_t x = 0; x < shared.size(); ++x) shared[x] = static_cast<int>(x % 3);
  const auto in = cuda::to_device(s, host, cuda::shape<2>{ny, nx});
  const auto scale = cuda::to_device(s, factors);
  const auto same = cuda::to_device(s, shared);
  cuda::device_array<double, 2> out(s, {ny, nx});
  cuda::device_array<double> sums(s, ny);
  cuda::fill(s, out, -1.0);
  cuda::for_each_row(
      s,
      [] __device__(auto x, double factor, auto common, int plus, auto y, double& sum) {
        sum = 0;
        for (index_t i = 0; i < x.size(); ++i) sum += y[i] = factor * x[i] + common[i] + plus;
        double again = 0;
        for (const double each : y) again += each;
        if (again != sum) sum = -1;
      },
      in, cuda::one_each(scale), same, 2, out, cuda::one_each(sums));
  const auto got = out.copy_to_host();
  const auto got_sums = sums.copy_to_host();
  bool right = true;
  for (index_t y = 0; y < ny; ++y) {
    double sum = 0;
    for (index_t x = 0; x < nx; ++x) {
      const auto i = static_cast<std::size_t>(y * nx + x);
      const double expected = factors[static_cast<std::size_t>(y)] * host[i] + static_cast<double>(x % 3) + 2;
      right = right && got[i] == expected;
      sum += expected;
    }
    right = right && got_sums[static_cast<std::size_t>(y)] == sum;
  }
  if (!CHECK(right)) std::printf("  %lld rows of %lld\n", static_cast<long long>(ny), static_cast<long long>(nx));
}

void columns(index_t ny, index_t nx) {
  cuda::stream s;
  std::vector<int> host(static_cast<std::size_t>(ny * nx));
  for (std::size_t i = 0; i < host.size(); ++i) host[i] = static_cast<int>(i * 31 % 17);
  auto a = cuda::to_device(s, host, cuda::shape<2>{ny, nx});
  cuda::device_array<int> sums(s, nx);
  cuda::for_each_column(
      s,
      [] __device__(auto column, int& sum) {
        sum = 0;
        for (index_t y = 0; y < column.size(); ++y) {
          sum += column[y];
          column[y] = sum;
        }
      },
      a.view(), cuda::one_each(sums));
  if (test::emulated() && nx > 0 && nx % 8 == 0) {
    const auto c = test::last_kernel();
    CHECK(test::coalescing(c.load_bytes, c.load_sectors) > 0.99);
  }
  const auto got = a.copy_to_host();
  const auto got_sums = sums.copy_to_host();
  bool right = true;
  for (index_t x = 0; x < nx; ++x) {
    int sum = 0;
    for (index_t y = 0; y < ny; ++y) {
      const auto i = static_cast<std::size_t>(y * nx + x);
      sum += host[i];
      right = right && got[i] == sum;
    }
    right = right && got_sums[static_cast<std::size_t>(x)] == sum;
  }
  if (!CHECK(right)) std::printf("  %lld columns of %lld\n", static_cast<long long>(nx), static_cast<long long>(ny));
}

void refusals() {
  cuda::stream s;
  cuda::device_array<float, 2> a(s, {4, 5});
  cuda::device_array<float, 2> b(s, {5, 5});
  cuda::device_array<float, 2> c(s, {4, 6});
  cuda::device_array<float> three(s, 3);
  const auto two = [] __device__(auto, auto) {};
  const auto refused = [&](auto call) { return test::thrown<std::invalid_argument>(call); };
  auto text = refused([&] { cuda::for_each_row(s, two, a, b); });
  CHECK(test::contains(text, "the numbers of rows differ: argument 1 is 4 x 5, argument 2 is 5 x 5"));
  text = refused([&] { cuda::for_each_row(s, two, a, c); });
  CHECK(test::contains(text, "the lengths differ: argument 1 is 4 x 5, argument 2 is 4 x 6"));
  CHECK(refused([&] { cuda::for_each_column(s, two, a, b); }) != "" &&
        refused([&] { cuda::for_each_column(s, two, a, c); }) != "");
  text = refused([&] { cuda::for_each_row(s, two, a, cuda::one_each(three)); });
  CHECK(test::contains(text, "argument 2 is 3 (one each)"));
  text = refused([&] { cuda::for_each_row(s, two, a, std::as_const(three)); });
  CHECK(test::contains(text, "argument 2 is 3 (shared)"));
  const auto before = test::launches();
  cuda::device_array<float, 2> none(s, {0, 5});
  cuda::for_each_row(s, two, none, 1);
  CHECK(test::launches() == before);
}

int main() {
  return test::run("for_each_row", [] {
    for (index_t ny : {1, 2, 31, 256, 257, 1000}) {
      for (index_t nx : {0, 1, 3, 8, 40}) {
        rows(ny, nx);
        columns(ny, nx);
        columns(nx, ny);
      }
    }
    refusals();
  });
}
