// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
//
// The plate of heat_2d.cpp, spread over the ranks of an MPI job: rows next to another rank's travel while the others
// are computed. Arguments: points along an edge, steps.
//   mpicxx -std=c++20 -O3 -march=native -pthread -Iinclude examples/heat_2d_mpi.cpp -o heat_2d_mpi
//   mpirun -n 2 ./heat_2d_mpi 2048 100
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numbers>
#include <parloop/mpi.hpp>

namespace pl = parloop;
namespace mpi = parloop::mpi;

static int run(pl::index_t n, pl::index_t steps) {
  const mpi::communicator ranks;
  const double h = 1.0 / static_cast<double>(n + 1);  // the edges are one step outside
  const double dt = 0.2 * h * h;                      // stable below 0.25 h^2
  const auto start = [h](pl::index_t y, pl::index_t x) {
    return std::sin(std::numbers::pi * h * static_cast<double>(y + 1)) *
           std::sin(std::numbers::pi * h * static_cast<double>(x + 1));
  };
  mpi::array<double, 2> now(ranks, n, n), next(ranks, n, n);
  mpi::generate(now, start);

  const double begin = MPI_Wtime();
  const auto heat = [](auto at) {
    return at(0, 0) + 0.2 * (at(-1, 0) + at(1, 0) + at(0, -1) + at(0, 1) - 4 * at(0, 0));
  };
  const mpi::array<double, 2>& result = mpi::stencil_steps(now, next, steps, heat, pl::border::constant(0.0));
  const double seconds = MPI_Wtime() - begin;

  // The largest error of each rank's rows, and of these.
  const double decay = std::exp(-2 * std::numbers::pi * std::numbers::pi * dt * static_cast<double>(steps));
  const auto errors = mpi::parallel_map(ranks, pl::prange(ranks.size()), [&](pl::index_t) {
    if (result.rows() == 0) return 0.0;
    return pl::parallel_max(result.local_range(),
                            [&](pl::index_t y, pl::index_t x) { return std::abs(result(y, x) - decay * start(y, x)); });
  });
  const double error = pl::parallel_max(pl::prange(ranks.size()), [&](pl::index_t r) { return errors.data()[r]; });
  const double t = dt * static_cast<double>(steps);  // the scheme's error: see heat_2d.cpp
  const double limit = t * std::pow(std::numbers::pi, 4) * (2 * dt + h * h / 6) + 1e-13 * double(steps + 1);
  if (ranks.rank() == 0) {
    std::printf("%ld x %ld points, %ld steps on %d ranks: %.3f s, largest error %.2e, allowed %.2e\n", long(n), long(n),
                long(steps), ranks.size(), seconds, error, limit);
  }
  return error <= limit ? 0 : 1;
}

int main(int argc, char** argv) {
  int level = 0;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &level);
  const int failed = run(argc > 1 ? std::atol(argv[1]) : 2048, argc > 2 ? std::atol(argv[2]) : 100);
  return MPI_Finalize(), failed;
}
