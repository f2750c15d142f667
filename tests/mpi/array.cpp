// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <cmath>
#include <stdexcept>

#include "ranks.hpp"

namespace {

double term(pl::index_t i) { return std::sin(static_cast<double>(i)) / 3; }

template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

}  // namespace

TEST_CASE("an array's parts cover it, and are gathered in order") {
  at_both_widths([](const mpi::communicator& ranks) {
    for (const int ny : {0, 1, 2, 5, 8, 30}) {
      mpi::array<double, 2> plate(ranks, ny, 3);
      mpi::generate(plate, [](pl::index_t y, pl::index_t x) { return static_cast<double>(10 * y + x); });
      std::vector<double> expected;
      for (int y = 0; y < ny; ++y) {
        for (int x = 0; x < 3; ++x) expected.push_back(10 * y + x);
      }
      CHECK(plate.gather() == expected);
      const int root = ranks.size() - 1;
      CHECK(plate.gather(root) == (ranks.rank() == root ? expected : std::vector<double>()));
      CHECK(plate.local_range().size() == plate.local_size());
      CHECK(plate.local().extent(0) == plate.rows());
      CHECK(plate.whole_range().size() == ny * 3);
      if (plate.rows() > 0) CHECK(plate(plate.first_row(), 2) == static_cast<double>(10 * plate.first_row() + 2));
      CHECK(!plate.has_row(ny));
    }
    using line = mpi::array<double>;
    CHECK_THROWS_AS(line(ranks, -1), std::invalid_argument);
  });
}

TEST_CASE("transform works on each rank's part") {
  at_both_widths([](const mpi::communicator& ranks) {
    mpi::array<double> x(ranks, 1000), y(ranks, 1000), z(ranks, 1000);
    mpi::generate(x, term);
    mpi::generate(y, [](pl::index_t i) { return static_cast<double>(i); });
    mpi::transform(x, y, z, [](double u, double v) { return 2 * u + v; });
    mpi::transform(z, z, [](double v) { return v + 1; });
    std::vector<double> expected;
    for (pl::index_t i = 0; i < 1000; ++i) expected.push_back(2 * term(i) + static_cast<double>(i) + 1);
    CHECK(z.gather() == expected);
    mpi::array<double> shorter(ranks, 999);
    CHECK_THROWS_AS(mpi::transform(x, shorter, [](double v) { return v; }), std::invalid_argument);
    int thrown = 0;
    try {
      mpi::transform(x, z, [](double v) -> double { return v == term(700) ? throw std::runtime_error("700") : v; });
    } catch (const std::runtime_error& e) {
      thrown = std::string(e.what()).find("700") != std::string::npos ? 1 : 0;
    }
    CHECK(over_all_ranks(ranks, {thrown})[0] == ranks.size());
  });
}

TEST_CASE("scans have the bits of one process") {
  struct affine {
    double a = 1, b = 0;
  };
  const auto compose = [](const affine& f, const affine& g) { return affine{f.a * g.a, f.b * g.a + g.b}; };
  at_both_widths([&](const mpi::communicator& ranks) {
    pl::serial alone;
    for (const int n : {0, 1, 5, 9, 100, 2047, 2048, 2049, 5000, 40'000}) {
      const auto size = static_cast<std::size_t>(n);
      std::vector<double> in(size), sums(size), before(size);
      for (std::size_t i = 0; i < size; ++i) in[i] = term(static_cast<pl::index_t>(i));
      pl::inclusive_scan(alone, in, sums);
      pl::exclusive_scan(alone, in, before, 0.1);
      mpi::array<double> x(ranks, n), y(ranks, n), z(ranks, n);
      mpi::generate(x, term);
      mpi::inclusive_scan(x, y);
      mpi::exclusive_scan(x, z, 0.1);
      CHECK(same_bits(y.gather(), sums));
      CHECK(same_bits(z.gather(), before));
      mpi::inclusive_scan(x, x);  // in place
      CHECK(same_bits(x.gather(), sums));

      std::vector<affine> maps(size), composed(size);
      const auto map = [](pl::index_t i) { return affine{1 + term(i) / 100, term(i)}; };
      for (std::size_t i = 0; i < size; ++i) maps[i] = map(static_cast<pl::index_t>(i));
      pl::inclusive_scan(alone, maps, composed, compose);
      mpi::array<affine> f(ranks, n), g(ranks, n);
      mpi::generate(f, map);
      mpi::inclusive_scan(f, g, compose);
      CHECK(same_bits(g.gather(), composed));
    }
  });
}

TEST_CASE("what a scan's operation throws arrives on all ranks") {
  at_both_widths([](const mpi::communicator& ranks) {
    mpi::array<double> x(ranks, 10'000);
    mpi::generate(x, [](pl::index_t i) { return static_cast<double>(i); });
    int thrown = 0;
    try {
      mpi::inclusive_scan(x, x,
                          [](double a, double b) { return b == 7777 ? throw std::runtime_error("7777") : a + b; });
    } catch (const std::runtime_error& e) {
      thrown = std::string(e.what()).find("7777") != std::string::npos ? 1 : 0;
    }
    CHECK(over_all_ranks(ranks, {thrown})[0] == ranks.size());
  });
}
