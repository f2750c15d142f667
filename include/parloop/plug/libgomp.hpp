// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The interface of GCC's OpenMP runtime, libgomp.so.1, on this library's threads: programs that were compiled with
/// -fopenmp, and libraries that carry a libgomp of their own, run their regions as teams, whose threads sleep between
/// them. Linux with glibc, or whatever has ELF and pthreads.
///
/// Not for use beside other headers: included by exactly one .cpp of a program, which has nothing else, or built alone
/// into a shared library that is preloaded or linked before libgomp:
///
///     g++ -std=c++20 -O2 -fPIC -shared -I include -include parloop/plug/libgomp.hpp -x c++ /dev/null
///         -Wl,--version-script=include/parloop/plug/libgomp.map -static-libstdc++ -static-libgcc
///         -o libparloop_gomp.so
///     LD_PRELOAD=./libparloop_gomp.so program
///
/// Regions are teams of the default backend's rules: `PARLOOP_IDLE` says how threads wait, `OMP_NUM_THREADS` how many
/// they are; docs/threads_of_other_libraries.md has the rest, and what is not served.
#pragma once

#include "libgomp/abi_display.hpp"
#include "libgomp/abi_lock.hpp"
#include "libgomp/abi_loop.hpp"
#include "libgomp/abi_memory.hpp"
#include "libgomp/abi_omp.hpp"
#include "libgomp/abi_parallel.hpp"
#include "libgomp/abi_target.hpp"
#include "libgomp/abi_task.hpp"

#undef PARLOOP_GOMP_ABI
#undef PARLOOP_GOMP_ARGUMENTS_signed
#undef PARLOOP_GOMP_ARGUMENTS_unsigned
#undef PARLOOP_GOMP_BOUNDS_signed
#undef PARLOOP_GOMP_BOUNDS_unsigned
#undef PARLOOP_GOMP_DOACROSS
#undef PARLOOP_GOMP_DOACROSS_KIND
#undef PARLOOP_GOMP_GET
#undef PARLOOP_GOMP_GET_OF
#undef PARLOOP_GOMP_LOOP
#undef PARLOOP_GOMP_LOOPS
#undef PARLOOP_GOMP_NEXT
#undef PARLOOP_GOMP_OPEN_LOOP
#undef PARLOOP_GOMP_PARALLEL_LOOP
#undef PARLOOP_GOMP_PARALLEL_RUNTIME_LOOP
#undef PARLOOP_GOMP_RUNTIME_LOOP
#undef PARLOOP_GOMP_SET
