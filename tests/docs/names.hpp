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
#include <parloop/algorithm/parallel_sort.hpp>
#include <parloop/backend/checked.hpp>
#include <parloop/backend/traced.hpp>
#include <parloop/examined.hpp>
#include <parloop/parloop.hpp>
#if __has_include(<barkeep/barkeep.h>)
#include <parloop/progress_bar.hpp>
#endif
#if __has_include(<mpi.h>)
#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <parloop/mpi.hpp>
namespace mpi = parloop::mpi;
#endif
#include <span>
#include <stop_token>
#include <thread>
#include <vector>

namespace pl = parloop;

inline constexpr pl::index_t n = 100, nz = 4, ny = 5, nx = 6, start = 0, stop = 100, step = 2, i = 0;
inline constexpr std::uint64_t seed = 1;
inline std::vector<double> x(n), y(n), z(n), container(n), images(n);
inline double* const a = x.data();
inline double sum = 0;
inline const pl::view in(x.data(), ny, nx);
inline const pl::view out(y.data(), ny, nx);
inline const pl::view factors(z.data(), ny);

inline const auto body = [](auto...) { return 1.0; };
inline const auto cost = body;
inline const auto process = [](pl::index_t, pl::index_t) {};
inline const auto show = process;
inline void prepare() {}
inline double filter(double image) { return image; }
inline double f(double value) { return value; }
inline double g(pl::index_t row, pl::index_t column) { return static_cast<double>(row * column); }
inline const auto normalise = [](std::span<double> row, double factor) { row[0] *= factor; };
inline const auto make_scratch = [] { return std::array<pl::index_t, 64>(); };

inline const auto heat = [](auto at) { return (at(-1, 0) + at(1, 0)) / 2; };

inline constexpr double identity = 0;
inline const auto combine = [](double left, double right) { return left + right; };
inline const auto range = pl::prange(n);
inline std::stop_token token;
inline pl::thread_pool pool;
#if __has_include(<mpi.h>)
inline const mpi::communicator ranks;
inline mpi::array<double, 2> plate(ranks, ny, nx), next_plate(ranks, ny, nx);
inline mpi::array<double> spread_x(ranks, n), spread_y(ranks, n);
#endif
