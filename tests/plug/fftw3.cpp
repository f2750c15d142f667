// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// FFTW3 on this library's threads: the bits of its own threads, nested in a loop, and silent.
#include <complex>
#include <cstring>
#include <parloop/plug/fftw3.hpp>
#include <vector>

#include "plug_test.hpp"

namespace pl = parloop;

namespace {

using numbers = std::vector<std::complex<double>>;
constexpr int ny = 300;
constexpr int nx = 256;

fftw_complex* raw(numbers& x) { return reinterpret_cast<fftw_complex*>(x.data()); }

numbers input() {
  numbers x(static_cast<std::size_t>(ny) * nx);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = {pl::uniform2(7, static_cast<pl::index_t>(i)).x, 0.25};
  return x;
}

}  // namespace

int main() {
  const test::watchdog guard(100, "fftw3");
  fftw_init_threads();
  numbers in = input();
  numbers expected(in.size());
  numbers seen(in.size());
  // FFTW's own threads first, with as many parts: the plan is the same.
  const int width = 4;
  fftw_plan_with_nthreads(width);
  const fftw_plan own = fftw_plan_dft_2d(ny, nx, raw(in), raw(expected), FFTW_FORWARD, FFTW_ESTIMATE);
  fftw_execute(own);
  const int before = test::threads_of_process();

  test::counted_pool pool(width);
  pl::plug::use_in_fftw3(width);
  const fftw_plan plan = fftw_plan_dft_2d(ny, nx, raw(in), raw(seen), FFTW_FORWARD, FFTW_ESTIMATE);
  fftw_execute(plan);
  test::require(pool.asked() > 0, "FFTW runs on the pool");
  test::require(std::memcmp(seen.data(), expected.data(), seen.size() * sizeof seen[0]) == 0, "the same bits");

  std::vector<numbers> many(6, numbers(in.size()));
  pl::parallel_for(pl::prange(6).grain(1),
                   [&](pl::index_t i) { fftw_execute_dft(plan, raw(in), raw(many[static_cast<std::size_t>(i)])); });
  for (const numbers& one : many) {
    test::require(std::memcmp(one.data(), expected.data(), one.size() * sizeof one[0]) == 0, "the same bits, nested");
  }
  test::require(test::threads_of_process() <= before + width - 1, "no threads but the pool's");
  test::require_silence([&] { fftw_execute(plan); });
  fftw_destroy_plan(own);
  fftw_destroy_plan(plan);
}
