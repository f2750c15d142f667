// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// parloop.hpp after a header that defines short words as macros, as <windows.h> does; elsewhere after the same words.
#ifdef _WIN32
#include <windows.h>
#else
#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cctype>
#include <cfenv>
#include <climits>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>
#include <functional>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <random>
#include <ranges>
#include <semaphore>
#include <source_location>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <vector>
// NOLINTBEGIN: their names are the point.
#define near
#define far
#define small char
#define interface struct
#define min(a, b) (((a) < (b)) ? (a) : (b))
#define max(a, b) (((a) > (b)) ? (a) : (b))
#define IN
#define OUT
#define ERROR 0
// NOLINTEND
#endif
#include <parloop/algorithm/parallel_sort.hpp>
#include <parloop/parloop.hpp>
#undef near
#undef far
#undef small
#undef interface
#undef min
#undef max
#undef IN
#undef OUT
#undef ERROR

#include "catch.hpp"

TEST_CASE("headers that define short words as macros may come first") {
  const auto square = [](parloop::index_t i) { return i * i; };
  const auto sum = parloop::parallel_reduce(parloop::prange(100), parloop::index_t{0}, std::plus<>{}, square);
  CHECK(sum == 328'350);
}
