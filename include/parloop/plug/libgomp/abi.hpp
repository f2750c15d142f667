// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How functions of the ABI are declared. For plug/libgomp.hpp, which takes the macros back at its end.
#pragma once

/// Found by other libraries, whatever the visibility of others; kept, although this program may not call it.
#define PARLOOP_GOMP_ABI __attribute__((visibility("default"), used))
