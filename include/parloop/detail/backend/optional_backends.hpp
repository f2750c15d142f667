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

using backend_maker = backend* (*)(backend_options);

struct named_backend {
  const char* name;
  backend_maker (*maker)() noexcept;  // gives null: no file of this program includes its header
};

#if defined(__ELF__)
// Weak: defined by backend/openmp.hpp and backend/tbb.hpp, in every file that includes them, and null in programs of
// which none does. So no header has to include them, no code runs before main, and all files see the same.
[[gnu::weak]] backend* make_openmp(backend_options options);
[[gnu::weak]] backend* make_tbb(backend_options options);
[[nodiscard]] inline backend_maker openmp_maker() noexcept { return make_openmp; }
[[nodiscard]] inline backend_maker tbb_maker() noexcept { return make_tbb; }
#else
// Without weak symbols each file that includes one of these headers notes its maker before main, by openmp_runtime.hpp
// or tbb_runtime.hpp; loops of static constructors that run earlier do not find the backend.
inline constinit backend_maker noted_openmp = nullptr;
inline constinit backend_maker noted_tbb = nullptr;
[[nodiscard]] inline backend_maker openmp_maker() noexcept { return noted_openmp; }
[[nodiscard]] inline backend_maker tbb_maker() noexcept { return noted_tbb; }
#endif

}  // namespace detail

}  // namespace parloop::inline v0_2
