// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The library's version, as macros for the preprocessor. The only macros that parloop leaves behind.
#pragma once

/// First number of the version.
#define PARLOOP_VERSION_MAJOR 0
/// Second number of the version. While the first is 0, programs may have to change with it.
#define PARLOOP_VERSION_MINOR 2
/// Third number of the version.
#define PARLOOP_VERSION_PATCH 0
/// The three as text.
#define PARLOOP_VERSION "0.2.0"
