// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Counts what the whole process allocates, its libraries included.
#pragma once

namespace counts {

/// Calls of malloc, calloc, realloc and their aligned kin so far, by any thread.
long allocations();

}  // namespace counts
