// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Loops inside loops: out[i * inner + j] for i in [0, outer) and, inside each, for j in [0, inner), both parallel.
#pragma once

namespace nested {

/// Iteration (i, j) is a chain of first_steps steps where i is 0, of other_steps elsewhere.
struct work {
  long outer;
  long inner;
  long first_steps;
  long other_steps;

  [[nodiscard]] constexpr long size() const { return outer * inner; }
};

inline constexpr long most = 200000;  // outer * inner
extern unsigned long out[most];

/// What out[i * inner + j] is to be, by doing its work.
unsigned long answer(long i, long j, work w);

/// The iterations (i, [begin, end)); the one body of all rivals, never inlined.
void chunk(long i, long begin, long end, work w);

void run_serial(work w);
void run_thread_pool(work w);  // inner loops run in their callers
void run_work_stealing(work w);
// Null when the build found no such library.
[[gnu::weak]] void run_openmp(work w);  // inner regions have one thread, unless OMP_MAX_ACTIVE_LEVELS says otherwise
[[gnu::weak]] void run_tbb(work w);

}  // namespace nested
