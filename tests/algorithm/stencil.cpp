// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Stencils: every border policy by brute force in one, two and three dimensions, the same bits everywhere, time steps,
/// wrong use.
#include <bit>
#include <cmath>
#include <cstdint>
#include <parloop/algorithm/stencil.hpp>
#include <parloop/view.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../conformance.hpp"
#include "../every_backend.hpp"
#include "../support.hpp"

namespace pl = parloop;
using pl::index_t;

namespace {

/// Where one arrives that walks from an index inside to `i` and does at the edges what the policy says; -1: nowhere.
index_t walk(pl::border::constant<double>, index_t i, index_t n) { return i < 0 || i >= n ? -1 : i; }
index_t walk(pl::border::nearest, index_t i, index_t n) { return i < 0 ? 0 : i >= n ? n - 1 : i; }
index_t walk(pl::border::wrap, index_t i, index_t n) {
  while (i < 0) i += n;
  while (i >= n) i -= n;
  return i;
}
index_t walk(pl::border::reflect, index_t i, index_t n) {
  while (i < 0 || i >= n) i = i < 0 ? -1 - i : 2 * n - 1 - i;
  return i;
}
double beyond(pl::border::constant<double> b) { return b.value; }
template <class Border>
double beyond(Border) {
  return 0;
}

/// A small whole number for every element.
double value(index_t i) { return static_cast<double>(i * 7 % 31 - 15); }

/// in(z + dz, y + dy, x + dx), and what is beyond the edges.
template <class Border>
double read(const std::vector<double>& in, const index_t (&n)[3], Border border, index_t z, index_t y, index_t x) {
  z = walk(border, z, n[0]);
  y = walk(border, y, n[1]);
  x = walk(border, x, n[2]);
  return z < 0 || y < 0 || x < 0 ? beyond(border) : in[static_cast<std::size_t>((z * n[1] + y) * n[2] + x)];
}

/// The sum of all neighbours up to Radius away, each with a weight of its own: whole numbers, so exact.
template <int Radius, int N, class At>
double weighted(const At& at) {
  double sum = 0;
  double weight = 1;
  for (index_t z = N < 3 ? 0 : -Radius; z <= (N < 3 ? 0 : Radius); ++z) {
    for (index_t y = N < 2 ? 0 : -Radius; y <= (N < 2 ? 0 : Radius); ++y) {
      for (index_t x = -Radius; x <= Radius; ++x) {
        if constexpr (N == 1) sum += weight * at(x);
        if constexpr (N == 2) sum += weight * at(y, x);
        if constexpr (N == 3) sum += weight * at(z, y, x);
        weight += 1;
      }
    }
  }
  return sum;
}

template <int N, class T>
auto view_of(T* data, const index_t (&n)[3]) {
  if constexpr (N == 1) return pl::view(data, n[2]);
  if constexpr (N == 2) return pl::view(data, n[1], n[2]);
  if constexpr (N == 3) return pl::view(data, n[0], n[1], n[2]);
}

template <int Radius, int N, class Border>
void check_shape(pl::backend& b, const index_t (&n)[3], Border border) {
  std::vector<double> in(static_cast<std::size_t>(n[0] * n[1] * n[2]));
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = value(static_cast<index_t>(i));
  std::vector<double> out(in.size(), 1e300);
  const auto f = [](auto at) { return weighted<Radius, N>(at); };
  pl::stencil<Radius>(b, view_of<N>(std::as_const(in).data(), n), view_of<N>(out.data(), n), f, border);
  bool same = true;
  std::size_t i = 0;
  for (index_t z = 0; z < n[0]; ++z) {
    for (index_t y = 0; y < n[1]; ++y) {
      for (index_t x = 0; x < n[2]; ++x, ++i) {
        const auto at = [&](auto... offsets) {
          const index_t o[] = {index_t{0}, index_t{0}, offsets...};
          constexpr std::size_t last = sizeof...(offsets) + 1;
          return read(in, n, border, z + o[last - 2] * (N == 3), y + o[last - 1] * (N >= 2), x + o[last]);
        };
        same = same && out[i] == weighted<Radius, N>(at);
      }
    }
  }
  CAPTURE(N, Radius, n[0], n[1], n[2]);
  CHECK(same);
}

template <int Radius, class Border>
void check_shapes(pl::backend& b, Border border) {
  for (const index_t nx : {1, 2, 3, 4, 5, 7, 64, 101}) {
    check_shape<Radius, 1>(b, {1, 1, nx}, border);
    for (const index_t ny : {1, 2, 3, 7, 17}) {
      check_shape<Radius, 2>(b, {1, ny, nx}, border);
      if (nx > 7) continue;
      for (const index_t nz : {1, 2, 6}) check_shape<Radius, 3>(b, {nz, ny, nx}, border);
    }
  }
}

template <class Border>
void check_radii(pl::backend& b, Border border) {
  check_shapes<0>(b, border);
  check_shapes<1>(b, border);
  check_shapes<2>(b, border);
  check_shape<9, 1>(b, {1, 1, 4}, border);  // radii larger than the array
  check_shape<9, 1>(b, {1, 1, 1}, border);
  check_shape<5, 2>(b, {1, 2, 3}, border);
  check_shape<3, 3>(b, {2, 1, 2}, border);
}

constexpr auto average = [](auto at) { return 0.25 * (at(-1, 0) + at(1, 0) + at(0, -1) + at(0, 1)); };

}  // namespace

TEST_CASE("stencils with every border, shape and radius are those of brute force") {
  const test::watchdog guard(120, "borders");
  pl::thread_pool pool({4});
  conformance::eager cheap(pool);
  check_radii(cheap, pl::border::constant(3.0));
  check_radii(cheap, pl::border::nearest());
  check_radii(cheap, pl::border::reflect());
  check_radii(cheap, pl::border::wrap());
}

TEST_CASE("time steps have the same bits on every backend at every width") {
  const test::watchdog guard(120, "time steps");
  const index_t ny = test::under_sanitizer ? 31 : 131;
  const index_t nx = 97;
  std::vector<double> start(static_cast<std::size_t>(ny * nx));
  for (std::size_t i = 0; i < start.size(); ++i) start[i] = std::sin(static_cast<double>(i));
  const auto result = [&](pl::backend& b, index_t steps) {
    std::vector<double> now = start;
    std::vector<double> next(start.size(), -7);
    const pl::view a(now.data(), ny, nx);
    const pl::view c(next.data(), ny, nx);
    const auto last = pl::stencil_steps(b, a, c, steps, average, pl::border::reflect());
    CHECK(last.data() == (steps % 2 == 0 ? now.data() : next.data()));
    return std::vector<double>(last.data(), last.data() + last.size());
  };
  pl::serial alone;
  std::vector<std::vector<double>> expected;
  for (const index_t steps : {0, 1, 2, 15}) expected.push_back(result(alone, steps));
  CHECK((expected[0] == start));
  test::on_every_backend({1, 2, 3, 8}, [&](pl::backend& b, const std::string& text) {
    CAPTURE(text);
    std::size_t k = 0;
    for (const index_t steps : {0, 1, 2, 15}) CHECK((result(b, steps) == expected[k++]));
  });
}

TEST_CASE("element types may differ, and empty arrays are nothing to do") {
  std::vector<std::uint8_t> image{10, 20, 30, 40};
  std::vector<float> out(4);
  pl::stencil(
      pl::view(image.data(), 4), pl::view(out.data(), 4),
      [](auto at) { return static_cast<float>(at(1)) - static_cast<float>(at(-1)); }, pl::border::nearest());
  CHECK((out == std::vector<float>{10, 20, 20, 10}));
  int calls = 0;
  double nothing = 0;
  const auto count = [&calls](auto at) { return ++calls, at(0, 0); };
  pl::stencil(pl::view(&nothing, 0, 5), pl::view(&nothing, 0, 5), count, pl::border::wrap());
  pl::stencil(pl::view(&nothing, 5, 0), pl::view(&nothing, 5, 0), count, pl::border::wrap());
  CHECK(calls == 0);
}

TEST_CASE("wrong shapes, overlap, offsets and steps are refused with what was wrong") {
  std::vector<double> a(12);
  std::vector<double> b(12);
  const pl::view in(a.data(), 3, 4);
  const pl::view out(b.data(), 4, 3);
  CHECK(test::complaint([&] { pl::stencil(in, out, average, pl::border::nearest()); }) ==
        "parloop::stencil: the input is 3 x 4, but the output is 4 x 3");
  CHECK_THROWS_AS(pl::stencil(in, out, average, pl::border::nearest()), std::invalid_argument);
  CHECK_THROWS_AS(pl::stencil(in, in, average, pl::border::nearest()), std::invalid_argument);
  CHECK_THROWS_AS(
      pl::stencil(
          pl::view(a.data(), 11), pl::view(a.data() + 1, 11), [](auto at) { return at(0); }, pl::border::nearest()),
      std::invalid_argument);
  const pl::view right(b.data(), 3, 4);
  CHECK_THROWS_AS(pl::stencil_steps(in, right, -1, average, pl::border::wrap()), std::invalid_argument);
  CHECK_THROWS_AS(pl::stencil(
                      in, right, [](auto at) { return at(0, 2); }, pl::border::wrap()),
                  std::out_of_range);
  const auto far = [&] {
    const auto f = [](auto at) { return at(-3, 0); };
    pl::stencil(in, right, f, pl::border::wrap());
  };
  CHECK(test::complaint(far).ends_with("write stencil<3>(...)"));
  CHECK_THROWS_AS(pl::view(a.data(), -1, 2), std::invalid_argument);
}

TEST_CASE("an exception of the function arrives, and the backend works on") {
  const test::watchdog guard(60, "exceptions of stencils");
  std::vector<double> a(1'000);
  a[777] = 1;
  std::vector<double> b(a.size());
  const pl::view in(a.data(), 25, 40);
  const pl::view out(b.data(), 25, 40);
  test::on_every_backend({1, 2, 3, 8}, [&](pl::backend& used, const std::string& text) {
    CAPTURE(text);
    const auto careful = [](auto at) { return at(0, 0) == 1 ? throw std::domain_error("one") : at(0, 1); };
    CHECK_THROWS_AS(pl::stencil(used, in, out, careful, pl::border::constant(2.0)), std::domain_error);
    pl::stencil(
        used, in, out, [](auto at) { return at(0, 1); }, pl::border::constant(2.0));
    CHECK((b[776] == 1 && b[777] == 0 && b[39] == 2));
  });
}

TEST_CASE("views index row-major and become constant") {
  std::vector<int> v(24);
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = static_cast<int>(i);
  const pl::view cube(v.data(), 2, 3, 4);
  CHECK(cube(1, 2, 3) == 23);
  CHECK(cube(0, 1, 2) == 6);
  CHECK((cube.size() == 24 && cube.extent(0) == 2 && cube.extent(1) == 3 && cube.extent(2) == 4));
  const pl::view<const int, 3> constant = cube;
  CHECK(&constant(1, 0, 0) == &v[12]);
  cube(1, 0, 0) = -1;
  CHECK(v[12] == -1);
  CHECK(pl::shape_text(cube) == "2 x 3 x 4");
}
