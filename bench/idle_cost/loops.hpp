// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The loops whose aftermath is measured, each over chunks of one function that is not inlined.
#pragma once

namespace idle_cost {

/// Runs the iterations [begin, end).
using chunk = void (*)(long begin, long end);

// n iterations by one call of `c` per chunk that the library makes.
void run_serial(long n, chunk c);
void run_parloop(long n, chunk c);
// Null when the build found no such library.
[[gnu::weak]] void run_openmp(long n, chunk c);
[[gnu::weak]] void run_tbb(long n, chunk c);
[[gnu::weak]] void run_std_execution(long n, chunk c);
[[gnu::weak]] void run_pthreadpool(long n, chunk c);
[[gnu::weak]] void run_rayon(long n, chunk c);

/// What happens in a child process: measures and prints what the parent reads. Returns the exit status.
int be_child(const char* measure, const char* rival);

}  // namespace idle_cost
