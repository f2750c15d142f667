// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The same loops over the ranks of an MPI communicator: everything that programs with MPI include. Needs MPI's headers
/// and library: `mpicxx`, or CMake's target parloop::mpi. docs/mpi.md is the guide.
#pragma once

#include "mpi/communicator.hpp"
#include "mpi/error.hpp"
#include "mpi/parallel_for.hpp"
#include "mpi/parallel_reduce.hpp"
#include "mpi/schedule.hpp"
#include "parloop.hpp"
