// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Everything that needs no extra compiler flag and no other library.
#pragma once

#include "algorithm/controlled.hpp"
#include "algorithm/for_each_row.hpp"
#include "algorithm/make_array.hpp"
#include "algorithm/parallel_for.hpp"
#include "algorithm/parallel_invoke.hpp"
#include "algorithm/parallel_map.hpp"
#include "algorithm/parallel_min_max.hpp"
#include "algorithm/parallel_reduce.hpp"
#include "algorithm/parallel_scan.hpp"
#include "algorithm/stencil.hpp"
#include "algorithm/transform.hpp"
#include "algorithm/with_scratch.hpp"
#include "backend.hpp"
#include "backend/serial.hpp"
#include "backend/thread_pool.hpp"
#include "backend/work_stealing.hpp"
#include "backend/workqueue.hpp"
#include "border.hpp"
#include "controlled_range.hpp"
#include "default_backend.hpp"
#include "describe.hpp"
#include "idle.hpp"
#include "index.hpp"
#include "make_backend.hpp"
#include "random.hpp"
#include "range.hpp"
#include "version.hpp"
#include "view.hpp"
