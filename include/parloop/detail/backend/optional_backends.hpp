// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How a program's files agree on which of the backends that need other libraries it has. For make_backend.hpp and
/// these backends.
#pragma once

#include "../../backend.hpp"
#include "../../idle.hpp"

namespace parloop::inline v0_2 {

/// How to set up a backend that is chosen by its name.
struct backend_options {
  int threads = 0;                      ///< width, the caller included; 0: as many as this process may use CPUs
  idle_policy idle = idle::adaptive();  ///< what idle threads do, as far as the backend can tell them
};

namespace detail {

#if defined(__ELF__)
// Weak: defined by backend/openmp.hpp and backend/tbb.hpp, in every file that includes them, and null in programs of
// which none does. So no header has to include them, no code runs before main, and all files see the same.
[[gnu::weak]] backend* make_openmp(backend_options options);
[[gnu::weak]] backend* make_tbb(backend_options options);
#else
inline constexpr backend* (*make_openmp)(backend_options) = nullptr;
inline constexpr backend* (*make_tbb)(backend_options) = nullptr;
#endif

}  // namespace detail

}  // namespace parloop::inline v0_2
