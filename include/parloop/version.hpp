// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The library's version, as macros for the preprocessor. The only macros that parloop leaves behind.
#pragma once

#define PARLOOP_VERSION_MAJOR 0
#define PARLOOP_VERSION_MINOR 1
#define PARLOOP_VERSION_PATCH 0
#define PARLOOP_VERSION "0.1.0"
