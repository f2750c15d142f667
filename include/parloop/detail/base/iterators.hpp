// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The concepts of iterators, `std::begin` and `std::size` without the iterators of streams, for which <iterator>
/// brings <streambuf>, <locale>'s classes and <string>: a quarter of the time that a small loop takes to compile (g++
/// 12). For algorithm/.
#pragma once

#include <type_traits>

#if defined(__GLIBCXX__) && __has_include(<bits/range_access.h>) && __has_include(<bits/stl_iterator_base_types.h>)
#include <bits/range_access.h>
#include <bits/stl_iterator_base_types.h>  // what libstdc++'s <span> has them from
#else
#include <iterator>
#endif
