// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The main function of the tests that run over ranks: all ranks run all tests; the program fails when one rank's does.
#include <mpi.h>

#include <algorithm>

#include "ranks.hpp"

int run_tests(int argc, char** argv);  // of runner.cpp

int main(int argc, char** argv) {
  int level = 0;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &level);
  int failed = 1;
  if (level >= MPI_THREAD_FUNNELED) {
    pl::thread_pool one({.threads = 1}), two({.threads = 2});
    const mpi::communicator narrow(MPI_COMM_WORLD, one), wide(MPI_COMM_WORLD, two);
    shared_ranks[0] = &narrow;
    shared_ranks[1] = &wide;
    failed = std::min(run_tests(argc, argv), 1);
  }
  int any = 0;
  MPI_Allreduce(&failed, &any, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  MPI_Finalize();
  return any;
}
