// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "../common/rayon.hpp"

#include "loops.hpp"

namespace array_add {

void run_rayon(const arrays& on) {
  const auto n = static_cast<std::size_t>(on.n);
  switch (on.what) {
    case work::add:
      rayon_add(on.x, on.y, on.a, n);
      break;
    case work::copy:
      rayon_copy(on.x, on.y, n);
      break;
    case work::axpy:
      rayon_axpy(on.x, on.z, on.y, on.a, n);
  }
}

}  // namespace array_add
