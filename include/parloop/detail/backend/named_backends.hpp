// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Finds the backends that can be chosen by name. For default_backend.hpp and make_backend.hpp.
#pragma once

#include <cstring>

#include "optional_backends.hpp"

// PARLOOP_BACKENDS_ELSEWHERE: one file of the program includes define_backends.hpp, and no other has to compile the
// backends that it does not name. If at all, it is defined for the whole program.
#ifndef PARLOOP_BACKENDS_ELSEWHERE
#include "backend_table.hpp"
#endif

namespace parloop::inline v0_2::detail {

/// All of them: backend_table.hpp.
#ifdef PARLOOP_BACKENDS_ELSEWHERE
[[nodiscard]] const named_backend* named_backends() noexcept;
#else
[[nodiscard]] inline const named_backend* named_backends() noexcept { return backend_table; }
#endif

inline constexpr const char* backend_names = "serial, thread_pool, work_stealing, workqueue, openmp or tbb";

/// Null when there is none of that name.
[[nodiscard, gnu::cold]] inline const named_backend* find_backend(const char* name) noexcept {
  const named_backend* b = named_backends();
  while (b->name != nullptr && std::strcmp(name, b->name) != 0) ++b;
  return b->name != nullptr ? b : nullptr;
}

/// The one that the library chooses where nobody else does.
[[nodiscard]] inline backend_maker own_choice() noexcept { return named_backends()->maker(); }

}  // namespace parloop::inline v0_2::detail
