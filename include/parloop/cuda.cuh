// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Everything of `parloop::cuda` but reductions and scans: cuda/reduce.cuh and cuda/scan.cuh compile slowly.
#pragma once

#include "cuda/device.hpp"
#include "cuda/device_array.hpp"
#include "cuda/device_view.hpp"
#include "cuda/error.hpp"
#include "cuda/for_each_row.cuh"
#include "cuda/graph.hpp"
#include "cuda/parallel_for.cuh"
#include "cuda/pinned_array.hpp"
#include "cuda/scratch_memory.hpp"
#include "cuda/stencil.cuh"
#include "cuda/stream.hpp"
#include "cuda/transform.cuh"
