// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Compiles a pipeline with Halide, and its runtime: halide_blur.o and halide_blur.h, in the current folder.
#include <Halide.h>

int main() {
  Halide::ImageParam in(Halide::UInt(8), 2);
  Halide::Var x("x");
  Halide::Var y("y");
  Halide::Func across("across");
  Halide::Func blurred("blurred");
  const Halide::Func edge = Halide::BoundaryConditions::repeat_edge(in);
  across(x, y) = Halide::cast<float>(edge(x - 1, y)) + edge(x, y) + edge(x + 1, y);
  blurred(x, y) = Halide::sqrt(across(x, y - 1) + across(x, y) + across(x, y + 1));
  // Rows in parallel, and in each of them blocks.
  Halide::Var inner("inner");
  blurred.split(x, x, inner, 128).parallel(y).parallel(x).vectorize(inner, 4);
  across.compute_at(blurred, x);
  blurred.compile_to(
      {{Halide::OutputFileType::object, "halide_blur.o"}, {Halide::OutputFileType::c_header, "halide_blur.h"}}, {in},
      "halide_blur", Halide::get_host_target());
}
