// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The file of a program that includes an optional backend, which the program then has.
#if defined(TEST_OPENMP)
#include <parloop/backend/openmp.hpp>
#elif defined(TEST_TBB)
#include <parloop/backend/tbb.hpp>
#endif
