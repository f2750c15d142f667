// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Functions over rows and columns: what each argument becomes, on every backend; shapes; exceptions.
#include <parloop/algorithm/for_each_row.hpp>
#include <span>
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

std::vector<double> numbers(index_t n) {
  std::vector<double> v(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = static_cast<double>(i * 7 % 31);
  return v;
}

}  // namespace

TEST_CASE("rows and columns with broadcast rows, elements and numbers are those of a plain loop") {
  const test::watchdog guard(60, "rows");
  test::on_every_backend({1, 2, 8}, [](pl::backend& b, const std::string& text) {
    for (const index_t ny : {0, 1, 2, 97}) {
      for (const index_t nx : {0, 1, 3, 64}) {
        CAPTURE(text, ny, nx);
        const auto x = numbers(ny * nx);
        const auto factors = numbers(ny);
        const auto offsets = numbers(nx);
        std::vector<double> y(x.size(), -1);
        std::vector<double> sums(factors.size(), -1);
        const pl::view in(x.data(), ny, nx);
        const pl::view out(y.data(), ny, nx);
        pl::for_each_row(
            b,
            [](std::span<const double> row, double factor, std::span<const double> offset, int scale,
               std::span<double> result, double& sum) {
              sum = 0;
              for (std::size_t i = 0; i < row.size(); ++i) sum += result[i] = row[i] * factor + scale * offset[i];
            },
            in, pl::one_each(pl::view(factors.data(), ny)), pl::view(offsets.data(), nx), 3, out,
            pl::one_each(pl::view(sums.data(), ny)));
        bool same = true;
        for (index_t r = 0; r < ny; ++r) {
          double sum = 0;
          for (index_t c = 0; c < nx; ++c) {
            const double expected =
                in(r, c) * factors[static_cast<std::size_t>(r)] + 3 * offsets[static_cast<std::size_t>(c)];
            same = same && out(r, c) == expected;
            sum += expected;
          }
          same = same && sums[static_cast<std::size_t>(r)] == sum;
        }
        CHECK(same);

        // Columns: running sums down each, in place.
        y = x;
        pl::for_each_column(
            b,
            [](pl::column_of<double> column, double offset) {
              double sum = offset;
              for (index_t i = 0; i < column.size(); ++i) column[i] = sum += column[i];
            },
            out, pl::one_each(pl::view(offsets.data(), nx)));
        same = true;
        for (index_t c = 0; c < nx; ++c) {
          double sum = offsets[static_cast<std::size_t>(c)];
          for (index_t r = 0; r < ny; ++r) same = same && out(r, c) == (sum += in(r, c));
        }
        CHECK(same);
      }
    }
  });
}

TEST_CASE("shapes that do not fit are refused, both named") {
  std::vector<double> v(100);
  const pl::view wide(v.data(), 3, 4);
  const pl::view tall(v.data(), 4, 3);
  const pl::view flat(v.data(), 3, 5);
  const pl::view three(v.data(), 3);
  const auto nothing = [](auto...) {};
  CHECK(test::complaint([&] { pl::for_each_row(nothing, 1.0, wide, tall); }) ==
        "parloop::for_each_row: the numbers of rows differ: argument 2 is 3 x 4, argument 3 is 4 x 3");
  CHECK(test::complaint([&] { pl::for_each_row(nothing, wide, flat); }) ==
        "parloop::for_each_row: the lengths differ: argument 1 is 3 x 4, argument 2 is 3 x 5");
  CHECK(test::complaint([&] { pl::for_each_column(nothing, wide, flat); }) ==
        "parloop::for_each_column: the numbers of columns differ: argument 1 is 3 x 4, argument 2 is 3 x 5");
  CHECK(test::complaint([&] { pl::for_each_row(nothing, tall, pl::one_each(three)); }) ==
        "parloop::for_each_row: the numbers of rows differ: argument 1 is 4 x 3, argument 2 is 3 (one each)");
  CHECK(test::complaint([&] { pl::for_each_row(nothing, wide, pl::view<const double, 1>(three)); }) ==
        "parloop::for_each_row: the lengths differ: argument 1 is 3 x 4, argument 2 is 3 (shared)");
  CHECK(test::complaint([&] { pl::for_each_row(nothing, wide, pl::one_each(three)); }) == "none");
}

TEST_CASE("an exception of a row function arrives, and the backend works on") {
  const test::watchdog guard(60, "exceptions of row functions");
  std::vector<int> v(600);
  v[333] = 1;
  const pl::view rows(v.data(), 200, 3);
  test::on_every_backend({1, 2, 8}, [&](pl::backend& b, const std::string& text) {
    CAPTURE(text);
    CHECK_THROWS_AS(pl::for_each_row(
                        b,
                        [](std::span<int> row) {
                          if (row[0] == 1) throw std::domain_error("one");
                        },
                        rows),
                    std::domain_error);
    std::vector<int> calls(200);
    pl::for_each_row(
        b, [](std::span<int>, int& count) { ++count; }, rows, pl::one_each(pl::view(calls.data(), 200)));
    CHECK((calls == std::vector<int>(200, 1)));
  });
}
