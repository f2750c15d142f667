// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// FFTW3's threaded plans on this library's threads: FFTW 3.3.9 or newer, with libfftw3_threads (or _omp) linked.
#pragma once

#include <fftw3.h>

#include "../algorithm/parallel_for.hpp"

namespace parloop::inline v0_2::plug {

/// Plans of double precision that are made from now on run the parts of each transform by `parallel_for` on the default
/// backend; FFTW starts no threads. Call it once, after fftw_init_threads and before plans are made; neither FFTW's
/// planner nor this may be called by several threads at once. `threads`: how many parts a plan is cut into; 0: as many
/// as the default backend is wide. The results have the bits of the same plan on FFTW's own threads. Executing plans
/// inside of loops is fine.
inline void use_in_fftw3(int threads = 0) {
  fftw_threads_set_callback(
      [](void* (*work)(char*), char* data, std::size_t size, int jobs, void*) {
        parallel_for(prange(jobs).grain(1), [&](index_t i) { work(data + static_cast<std::size_t>(i) * size); });
      },
      nullptr);
  fftw_plan_with_nthreads(threads > 0 ? threads : default_backend().width());
}

/// The same for plans of single precision (libfftw3f_threads).
inline void use_in_fftw3f(int threads = 0) {
  fftwf_threads_set_callback(
      [](void* (*work)(char*), char* data, std::size_t size, int jobs, void*) {
        parallel_for(prange(jobs).grain(1), [&](index_t i) { work(data + static_cast<std::size_t>(i) * size); });
      },
      nullptr);
  fftwf_plan_with_nthreads(threads > 0 ? threads : default_backend().width());
}

}  // namespace parloop::inline v0_2::plug
