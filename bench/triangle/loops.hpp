// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A loop whose iterations differ in length: iteration i takes a time in proportion to i, or to n - i.
#pragma once

namespace triangle {

inline constexpr long iterations = 1000;
extern unsigned long out[iterations];

/// What is to be done: chains of unit / 16 steps times i + 1 or, falling, times n - i.
struct work {
  long unit;
  bool falling;
};

/// What out[i] is to be, by doing its work.
unsigned long answer(long i, work w);

/// The iterations [begin, end); the one body of all rivals, never inlined.
void chunk(long begin, long end, work w);

void run_serial(work w);
void run_parloop(work w);  // the default backend
void run_parloop_work_stealing(work w);
void run_parloop_workqueue(work w);
void run_parloop_openmp(work w);  // only where run_openmp_static is not null
void run_parloop_tbb(work w);     // only where run_tbb is not null
// Null when the build found no such library.
[[gnu::weak]] void run_openmp_static(work w);
[[gnu::weak]] void run_openmp_dynamic(work w);
[[gnu::weak]] void run_openmp_guided(work w);
[[gnu::weak]] void run_tbb(work w);
[[gnu::weak]] void run_rayon(work w);

}  // namespace triangle
