// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Catch2, version 2 (one header) or 3.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
/// Ends the test case here, as one that could not be run. `why`: a literal.
#define TEST_SKIP(why) SKIP(why)
#else
#include <catch2/catch.hpp>
// Version 2 counts it as passed, but says so wherever the program's output is shown.
#define TEST_SKIP(why)        \
  do {                        \
    WARN("SKIPPED: " << why); \
    return;                   \
  } while (false)
#endif
