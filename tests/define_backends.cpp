// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The one file of a program, compiled with PARLOOP_BACKENDS_ELSEWHERE, that has the backends for the others.
#include <parloop/define_backends.hpp>
