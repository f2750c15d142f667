// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The same loops over the ranks of an MPI communicator: everything that programs with MPI include. Needs MPI's headers
/// and library: `mpicxx`, or CMake's target parloop::mpi. docs/mpi.md is the guide.
#pragma once

#include "mpi/array.hpp"
#include "mpi/communicator.hpp"
#include "mpi/describe.hpp"
#include "mpi/error.hpp"
#include "mpi/parallel_for.hpp"
#include "mpi/parallel_map.hpp"
#include "mpi/parallel_reduce.hpp"
#include "mpi/parallel_scan.hpp"
#include "mpi/schedule.hpp"
#include "mpi/stencil.hpp"
#include "mpi/transform.hpp"
#include "parloop.hpp"
