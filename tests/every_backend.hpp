// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// One test over all backends.
#pragma once

#include <initializer_list>
#include <string>

#include "backends.hpp"
#include "catch.hpp"
#include "conformance.hpp"

namespace test {

/// Calls test(backend, text) for every candidate at each of `widths`, as it is and made to share every loop.
template <class Test>
void on_every_backend(std::initializer_list<int> widths, Test test) {
  for (const candidate& c : candidates) {
    for (const int width : widths) {
      const auto b = c.make(width);
      if (width > 1 && b->width() == 1) continue;  // it has only one width
      const std::string text = std::string(c.name) + ", width " + std::to_string(width);
      conformance::eager cheap(*b);
      test(static_cast<parloop::backend&>(cheap), text + ", eager");
      test(*b, text);
    }
  }
}

/// Calls test(backend) for every candidate with four threads, made to share every loop.
template <class Test>
void on_every_backend(Test test) {
  for (const candidate& c : candidates) {
    const auto made = c.make(4);
    conformance::eager cheap(*made);
    INFO(c.name);
    test(static_cast<parloop::backend&>(cheap));
  }
}

}  // namespace test
