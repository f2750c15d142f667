// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// For programs whose files are compiled with PARLOOP_BACKENDS_ELSEWHERE: to be included by one of them, which then has
/// the backends for all. In other programs it does nothing.
#pragma once

#ifdef PARLOOP_BACKENDS_ELSEWHERE

#include "detail/backend/backend_table.hpp"
#include "detail/backend/named_backends.hpp"

namespace parloop::inline v0_2::detail {

const named_backend* named_backends() noexcept { return backend_table; }  // NOLINT: in one file

}  // namespace parloop::inline v0_2::detail

#endif
