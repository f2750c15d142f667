// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Catch2's own code, which takes long to compile, once for the programs of all MPIs.
#define CATCH_CONFIG_RUNNER
#include "catch.hpp"

int run_tests(int argc, char** argv);
int run_tests(int argc, char** argv) { return Catch::Session().run(argc, argv); }
