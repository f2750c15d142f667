// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A chain of loops, each of which needs all of the one before.
#pragma once

namespace barriers {

constexpr long cells = 16;  // iterations of a loop

struct work {
  long loops;    ///< in the chain
  long steps;    ///< of chain() for each cell
  long threads;  ///< that share each loop
};

/// The cells [begin, end) of loop number `loop`, from the neighbours' values of the loop before.
void some_cells(long loop, long begin, long end, long steps);

/// After all loops; the first values are 0 to 15.
void reset();
unsigned long checksum(long loops);

// The rivals; null where the library is not there.
void run_serial(work w);
void run_team(work w);
void run_team_park(work w);
void run_parallel_for(work w);
[[gnu::weak]] void run_openmp(work w);
[[gnu::weak]] void run_openmp_loops(work w);
void run_spin_barrier(work w);
void run_spin_fork(work w);

}  // namespace barriers
