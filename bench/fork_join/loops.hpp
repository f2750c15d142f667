// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A loop of two iterations, each to be run by a thread of its own: what two threads need to begin and to end together.
#pragma once

namespace fork_join {

using iteration = void (*)(long i);

// i(0) and i(1).
void run_serial(iteration i);
void run_parloop(iteration i);  // as users write it, so it stays in its caller where that is faster

// As backends run it when the library has decided to share: by `backend::run`. Another loop is expected in `gap` s.
void run_thread_pool(iteration i, double gap);
void run_park(iteration i, double gap);
void run_spin(iteration i, double gap);
void keep_spinning(bool on);  // for as long as a sample takes, or it would disturb the others
void run_work_stealing(iteration i, double gap);
void run_workqueue(iteration i, double gap);
void run_on_openmp(iteration i, double gap);  // only where run_openmp is not null
void run_on_tbb(iteration i, double gap);     // only where run_tbb is not null

/// The floor: two threads that poll one word.
void run_spin_limit(iteration i);
void keep_spin_limit_spinning(bool on);

// Null when the build found no such library.
[[gnu::weak]] void run_openmp(iteration i);
[[gnu::weak]] void run_tbb(iteration i);
[[gnu::weak]] void run_std_execution(iteration i);
[[gnu::weak]] void run_pthreadpool(iteration i);
[[gnu::weak]] void run_rayon(iteration i);

}  // namespace fork_join
