// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#define PARLOOP_BACKENDS_ELSEWHERE  // another file of the program includes define_backends.hpp
#include "parloop.cpp"
