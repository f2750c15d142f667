// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// OpenBLAS on this library's teams: the bits of its own threads, nested in a loop, and silent.
#include <cstring>
#include <parloop/plug/openblas.hpp>
#include <vector>

#include "plug_test.hpp"

namespace pl = parloop;

// As PyPI's scipy-openblas64 names them.
extern "C" {
void scipy_cblas_dgemm64_(int order, int transpose_a, int transpose_b, long m, long n, long k, double alpha,
                          const double* a, long lda, const double* b, long ldb, double beta, double* c, long ldc);
void scipy_openblas_set_num_threads64_(int);
void scipy_openblas_set_threads_callback_function64_(void (*)(int, pl::plug::openblas_job, int, std::size_t, void*,
                                                              int));
}

namespace {

constexpr long n = 400;
using matrix = std::vector<double>;

void multiply(const matrix& a, const matrix& b, matrix& c) {
  constexpr int row_major = 101;
  constexpr int as_it_is = 111;
  scipy_cblas_dgemm64_(row_major, as_it_is, as_it_is, n, n, n, 1.0, a.data(), n, b.data(), n, 0.0, c.data(), n);
}

bool same(const matrix& a, const matrix& b) { return std::memcmp(a.data(), b.data(), a.size() * sizeof a[0]) == 0; }

}  // namespace

int main() {
  const test::watchdog guard(100, "openblas");
  matrix a(n * n);
  matrix b(n * n);
  for (std::size_t i = 0; i < a.size(); ++i) {
    a[i] = pl::uniform2(1, static_cast<pl::index_t>(i)).x;
    b[i] = pl::uniform2(2, static_cast<pl::index_t>(i)).x;
  }
  for (const int width : {2, 4}) {
    scipy_openblas_set_num_threads64_(width);
    scipy_openblas_set_threads_callback_function64_(nullptr);
    matrix expected(n * n);
    multiply(a, b, expected);
    pl::plug::use_in_openblas(scipy_openblas_set_threads_callback_function64_);
    test::counted_pool pool(width);
    matrix seen(n * n);
    for (int round = 0; round < 20; ++round) {
      multiply(a, b, seen);
      if (!same(seen, expected)) test::require(false, "the same bits");
    }
    test::require(pool.asked() == 20, "OpenBLAS runs as a team");
    std::vector<matrix> many(4, matrix(n * n));
    pl::parallel_for(pl::prange(4).grain(1), [&](pl::index_t i) { multiply(a, b, many[static_cast<std::size_t>(i)]); });
    for (const matrix& one : many) test::require(same(one, expected), "the same bits, nested");
  }
  matrix c(n * n);
  test::require_silence([&] { multiply(a, b, c); });
}
