// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Makes parloop's backend on OpenMP part of the program, for make_backend and PARLOOP_BACKEND.
#include <parloop/backend/openmp.hpp>
