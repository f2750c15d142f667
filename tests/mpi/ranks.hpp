// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What the tests over ranks share. They use CHECK and not REQUIRE: a rank that left a test early would leave the
/// others in a loop that never ends.
#pragma once

#include <cstring>
#include <parloop/mpi.hpp>
#include <string>
#include <thread>
#include <vector>

#include "../catch.hpp"

namespace pl = parloop;
namespace mpi = parloop::mpi;

/// The communicators of at_both_widths: all tests use the same two, so that what one leaves behind disturbs the next.
inline const mpi::communicator* shared_ranks[2] = {};

/// Runs test(communicator) with one thread and with two threads per rank.
template <class Test>
void at_both_widths(const Test& test) {
  for (const mpi::communicator* ranks : shared_ranks) test(*ranks);
}

/// Waits as the library does: MPICH's own waiting would burn the CPU that the other ranks need.
inline void finish(MPI_Request request) {
  for (int done = 0; done == 0;) {
    MPI_Test(&request, &done, MPI_STATUS_IGNORE);
    std::this_thread::yield();
  }
}

/// Adds up each element over the ranks.
inline std::vector<int> over_all_ranks(const mpi::communicator& ranks, std::vector<int> counts) {
  MPI_Request request;
  MPI_Iallreduce(MPI_IN_PLACE, counts.data(), static_cast<int>(counts.size()), MPI_INT, MPI_SUM, ranks.handle(),
                 &request);
  finish(request);
  return counts;
}

/// Whether all ranks have the same bytes as rank 0; each rank says so for itself.
template <class T>
bool same_on_all(const mpi::communicator& ranks, const T& value) {
  T first = value;
  MPI_Request request;
  MPI_Ibcast(&first, sizeof first, MPI_BYTE, 0, ranks.handle(), &request);
  finish(request);
  return std::memcmp(&first, &value, sizeof value) == 0;
}
