// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The loop that every rival runs: out[i] = chain(k, i) for i in [0, n), by calls of one function that is not inlined,
/// so that the compiler treats serial and parallel alike.
#pragma once

namespace small_loops {

inline constexpr long iterations = 64;
extern unsigned long out[iterations];

/// The iterations [begin, end). The one body of all rivals; in its own translation unit, so never inlined.
void chunk(long begin, long end, long k);

void run_serial(long n, long k);

void run_parloop(long n, long k);            // the default backend
void run_parloop_park(long n, long k);       // a pool whose workers sleep at once
void run_parloop_spin(long n, long k);       // a pool whose workers spin
void keep_parloop_spinning(bool on);         // for as long as a sample takes, or it would disturb the others
void run_parloop_2_threads(long n, long k);  // pools of a fixed number of threads
void run_parloop_8_threads(long n, long k);
void run_parloop_work_stealing(long n, long k);
void run_parloop_workqueue(long n, long k);
void run_parloop_openmp(long n, long k);  // only where run_openmp is not null
void run_parloop_tbb(long n, long k);     // only where run_tbb is not null
int parloop_width();

/// The limit of spinning: two threads that do half of the loop each and poll one word; no probe, no sleep, no checks.
void run_spin_limit(long n, long k);
void keep_spin_limit_spinning(bool on);

// Null when the build found no such library.
[[gnu::weak]] void run_openmp(long n, long k);
[[gnu::weak]] void run_tbb(long n, long k);
[[gnu::weak]] void run_std_execution(long n, long k);
[[gnu::weak]] void run_pthreadpool(long n, long k);
[[gnu::weak]] void run_rayon(long n, long k);

/// Calls of operator new in this process so far.
long allocations();

}  // namespace small_loops
