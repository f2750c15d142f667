// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
//
// Estimates pi from random points on all ranks of an MPI job. The random numbers are a function of the iteration, so pi
// has the same digits with any number of ranks and threads. The argument is the number of points.
//   mpicxx -std=c++20 -O3 -march=native -pthread -Iinclude examples/monte_carlo_pi_mpi.cpp -o monte_carlo_pi_mpi
//   mpirun -n 2 ./monte_carlo_pi_mpi 1e9
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numbers>
#include <parloop/mpi.hpp>

namespace pl = parloop;
namespace mpi = parloop::mpi;

static int run(double points) {
  const mpi::communicator ranks;
  if (ranks.rank() == 0) std::fputs(mpi::describe(ranks).c_str(), stdout);
  const pl::index_t n = static_cast<pl::index_t>(points) / 2;
  const double start = MPI_Wtime();
  const auto hits = mpi::parallel_sum(ranks, pl::prange(n), [](pl::index_t i) {
    const auto [x, y, u, v] = pl::uniform4(42, i);
    return (x * x + y * y < 1) + (u * u + v * v < 1);
  });
  const double seconds = MPI_Wtime() - start;
  const double pi = 2.0 * static_cast<double>(hits) / static_cast<double>(n);
  if (ranks.rank() == 0) std::printf("%.0f points: pi is about %.12f, %.3f s\n", points, pi, seconds);
  // Five standard deviations of the estimate: sqrt(pi (4 - pi) / points) each.
  return std::abs(pi - std::numbers::pi) < 5 * 1.65 / std::sqrt(points) ? 0 : 1;
}

int main(int argc, char** argv) {
  int level = 0;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &level);
  const double points = argc > 1 ? std::atof(argv[1]) : 1e8;
  const int failed = points >= 2 && points <= 1e15 ? run(points) : 2;
  MPI_Finalize();
  return failed;
}
