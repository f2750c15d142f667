// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <cmath>
#include <stdexcept>

#include "ranks.hpp"

namespace {

double start(pl::index_t i) { return std::sin(static_cast<double>(i)); }

/// Compares `steps` stencils over ranks with those of one process.
template <int Radius, class F, class Border>
void as_alone(const mpi::communicator& ranks, pl::index_t ny, pl::index_t nx, pl::index_t steps, const F& f,
              const Border& edge) {
  std::vector<double> a(static_cast<std::size_t>(ny * nx)), b(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = start(static_cast<pl::index_t>(i));
  pl::serial alone;
  const auto expected =
      pl::stencil_steps<Radius>(alone, pl::view(a.data(), ny, nx), pl::view(b.data(), ny, nx), steps, f, edge);
  mpi::array<double, 2> x(ranks, ny, nx), y(ranks, ny, nx);
  mpi::generate(x, [nx](pl::index_t row, pl::index_t column) { return start(row * nx + column); });
  const std::vector<double> all = mpi::stencil_steps<Radius>(x, y, steps, f, edge).gather();
  CHECK(all.size() == a.size());
  CHECK((a.empty() || std::memcmp(all.data(), expected.data(), all.size() * sizeof(double)) == 0));
}

const auto heat = [](auto at) { return at(0, 0) + 0.2 * (at(-1, 0) + at(1, 0) + at(0, -1) + at(0, 1) - 4 * at(0, 0)); };
const auto far = [](auto at) { return 0.3 * at(-3, 1) + 0.3 * at(3, -2) + 0.4 * at(0, 3); };

template <class Border>
void all_shapes(const Border& edge) {
  at_both_widths([&](const mpi::communicator& ranks) {
    for (const int ny : {1, 2, 3, 5, 8, 40}) {
      for (const pl::index_t steps : {0, 1, 4}) {
        as_alone<1>(ranks, ny, 6, steps, heat, edge);
        as_alone<3>(ranks, ny, 6, steps, far, edge);
      }
    }
  });
}

}  // namespace

TEST_CASE("stencils over ranks have the bits of one process, with constant borders") {
  all_shapes(pl::border::constant(0.5));
}
TEST_CASE("stencils over ranks have the bits of one process, with the nearest element") {
  all_shapes(pl::border::nearest());
}
TEST_CASE("stencils over ranks have the bits of one process, reflected") { all_shapes(pl::border::reflect()); }
TEST_CASE("stencils over ranks have the bits of one process, wrapped around") { all_shapes(pl::border::wrap()); }

TEST_CASE("stencils of one and three dimensions") {
  at_both_widths([](const mpi::communicator& ranks) {
    mpi::array<double> x(ranks, 50), y(ranks, 50);
    mpi::generate(x, start);
    mpi::stencil(
        x, y, [](auto at) { return at(-1) + 2 * at(1); }, pl::border::wrap());
    std::vector<double> expected;
    for (int i = 0; i < 50; ++i) expected.push_back(start((i + 49) % 50) + 2 * start((i + 1) % 50));
    CHECK(y.gather() == expected);

    mpi::array<double, 3> in(ranks, 9, 4, 3), out(ranks, 9, 4, 3);
    mpi::generate(in, [](pl::index_t z, pl::index_t, pl::index_t) { return static_cast<double>(z); });
    mpi::stencil(
        in, out, [](auto at) { return at(1, 0, 0) - at(-1, 0, 0); }, pl::border::nearest());
    const std::vector<double> all = out.gather();
    for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i] == (i < 12 || i >= 96 ? 1 : 2));
  });
}

TEST_CASE("what a stencil throws on one rank arrives on all, and nobody waits for rows") {
  at_both_widths([](const mpi::communicator& ranks) {
    mpi::array<double, 2> x(ranks, 40, 5), y(ranks, 40, 5);
    for (int thrower = 0; thrower < ranks.size(); ++thrower) {
      int thrown = 0;
      try {
        mpi::stencil_steps(
            x, y, 10, [&](auto at) { return ranks.rank() == thrower ? throw std::runtime_error("row") : at(0, 0); },
            pl::border::nearest());
      } catch (const std::runtime_error& e) {
        thrown = std::string(e.what()).find("row") != std::string::npos ? 1 : 0;
      }
      CHECK(over_all_ranks(ranks, {thrown})[0] == ranks.size());
    }
    CHECK_THROWS_AS(mpi::stencil(x, x, heat, pl::border::nearest()), std::invalid_argument);
    CHECK_THROWS_AS(mpi::stencil_steps(x, y, -1, heat, pl::border::nearest()), std::invalid_argument);
  });
}
