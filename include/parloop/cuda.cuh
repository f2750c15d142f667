// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Everything of `parloop::cuda` but reductions, which are in cuda/reduce.cuh because they compile slowly.
#pragma once

#include "cuda/device.hpp"
#include "cuda/device_array.hpp"
#include "cuda/device_view.hpp"
#include "cuda/error.hpp"
#include "cuda/parallel_for.cuh"
#include "cuda/pinned_array.hpp"
#include "cuda/stream.hpp"
#include "cuda/transform.cuh"
