// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
//
// A function over rows: the softmax of every row of a matrix, each with a temperature of its own, "(n),()->(n)" in the
// words of Numba's guvectorize. Arguments: rows, columns.
//   g++ -std=c++20 -O3 -march=native -pthread -Iinclude examples/softmax_rows.cpp -o softmax_rows && ./softmax_rows
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <parloop/parloop.hpp>
#include <span>
#include <vector>

namespace pl = parloop;

static void softmax(std::span<const double> x, double temperature, std::span<double> y) {
  const double most = *std::max_element(x.begin(), x.end());
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += y[i] = std::exp((x[i] - most) / temperature);
  for (double& v : y) v /= sum;
}

int main(int argc, char** argv) {
  const long rows = argc > 1 ? std::atol(argv[1]) : 2000, columns = argc > 2 ? std::atol(argv[2]) : 1000;
  if (rows < 1 || columns < 1) return std::fprintf(stderr, "softmax_rows [rows] [columns]\n"), 2;
  std::vector<double> scores(static_cast<std::size_t>(rows * columns));
  std::vector<double> shares(scores.size());
  std::vector<double> temperatures(static_cast<std::size_t>(rows)), sums(temperatures.size());
  pl::generate(scores, [](pl::index_t i) { return pl::uniform2(1, i).x; });
  pl::generate(temperatures, [](pl::index_t y) { return 0.5 + pl::uniform2(2, y).x; });

  const pl::view x(scores.data(), rows, columns), y(shares.data(), rows, columns);
  pl::for_each_row(softmax, x, pl::one_each(pl::view(temperatures.data(), rows)), y);

  // Rows of numbers to one number each: (n)->().
  const auto total = [](std::span<const double> row, double& sum) {
    sum = 0;
    for (const double v : row) sum += v;
  };
  pl::for_each_row(total, y, pl::one_each(pl::view(sums.data(), rows)));
  const double error = pl::parallel_max(pl::prange(rows),
                                        [&](pl::index_t r) { return std::abs(sums[static_cast<std::size_t>(r)] - 1); });
  std::printf("%ld rows of %ld: shares add up to 1 within %.1e\n", rows, columns, error);
  return error < 1e-12 ? 0 : 1;
}
