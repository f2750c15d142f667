// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The names that the snippets in README.md and docs/ take for granted. For the files that snippets.awk makes.
#pragma once

#include <array>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <parloop/backend/checked.hpp>
#include <parloop/backend/traced.hpp>
#include <parloop/examined.hpp>
#include <parloop/parloop.hpp>
#include <span>
#include <stop_token>
#include <thread>
#include <vector>

namespace pl = parloop;

inline constexpr pl::index_t n = 100, nz = 4, ny = 5, nx = 6, start = 0, stop = 100, step = 2;
inline constexpr std::uint64_t seed = 1;
inline constexpr double k = 2;
inline std::vector<double> x(n), y(n), z(n), container(n), a(ny* nx), factors(ny);
inline std::vector<int> images(n);
inline double sum = 0;

inline double f(double v) { return v; }
inline double f(pl::index_t i) { return static_cast<double>(i); }
inline double g(pl::index_t row, pl::index_t column) { return static_cast<double>(row * column); }
inline int process(int image) { return image; }
inline void show(pl::index_t, pl::index_t) {}
inline const auto body = [](auto...) { return 1.0; };
inline const auto cost = body;
inline const auto range = pl::prange(n);
inline std::stop_token token;

inline const auto plus = [](double left, double right) { return left + right; };
inline pl::thread_pool pool;
