// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The durations and clocks of std::chrono without its calendar and formatting, which need <sstream> and more: <chrono>
/// costs a tenth of the time that a small loop takes to compile (g++ 12). For every header that speaks of time.
#pragma once

#include <ratio>

#if defined(__GLIBCXX__) && __has_include(<bits/chrono.h>)
#include <bits/chrono.h>  // what libstdc++'s <mutex> and <thread> have their durations from
#else
#include <chrono>
#endif
