// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The file of that program that has the backend.
#include <parloop/backend/openmp.hpp>
