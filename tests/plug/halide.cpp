// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A pipeline that Halide has compiled on this library's threads: the bits of Halide's own, nested loops, errors of
/// tasks, nested in a loop, and silent.
#include <HalideBuffer.h>

#include <atomic>
#include <cstring>
#include <parloop/plug/halide.hpp>

#include "halide_blur.h"
#include "plug_test.hpp"

namespace pl = parloop;

namespace {

using floats = Halide::Runtime::Buffer<float, 2>;

constexpr int nx = 1500;
constexpr int ny = 700;

void blur(Halide::Runtime::Buffer<std::uint8_t, 2>& in, floats& out) {
  if (halide_blur(in, out) != 0) test::require(false, "the pipeline runs");
}

bool same(const floats& a, const floats& b) { return std::memcmp(a.data(), b.data(), a.size_in_bytes()) == 0; }

}  // namespace

int main() {
  const test::watchdog guard(100, "halide");
  Halide::Runtime::Buffer<std::uint8_t, 2> in(nx, ny);
  for (int y = 0; y < ny; ++y) {
    for (int x = 0; x < nx; ++x) in(x, y) = static_cast<std::uint8_t>(x * 31 + y * y);
  }
  floats expected(nx, ny);
  blur(in, expected);
  halide_shutdown_thread_pool();
  pl::plug::use_in_halide();
  for (const int width : {1, 2, 4}) {
    test::counted_pool pool(width);
    const int before = test::threads_of_process();
    floats seen(nx, ny);
    for (int round = 0; round < 20; ++round) {
      seen.fill(0);
      blur(in, seen);
      if (!same(seen, expected)) test::require(false, "the same bits");
    }
    test::require(width == 1 || pool.asked() > 0, "Halide runs on the pool");
    // A task that fails is heard of; the others have run or are left out.
    std::atomic<int> ran{0};
    const auto task = [](void*, int i, std::uint8_t* closure) {
      ++*reinterpret_cast<std::atomic<int>*>(closure);
      return i == 107 ? -3 : 0;
    };
    const int error = halide_do_par_for(nullptr, task, 100, 50, reinterpret_cast<std::uint8_t*>(&ran));
    test::require(error == -3 && ran >= 1 && ran <= 50, "an error of a task is returned");
    ran = 0;
    test::require(halide_do_par_for(nullptr, task, 200, 50, reinterpret_cast<std::uint8_t*>(&ran)) == 0 && ran == 50,
                  "without an error all tasks run");
    std::vector<floats> many;
    for (int i = 0; i < 4; ++i) many.emplace_back(nx, ny);
    pl::parallel_for(pl::prange(4).grain(1), [&](pl::index_t i) { blur(in, many[static_cast<std::size_t>(i)]); });
    for (const floats& one : many) test::require(same(one, expected), "the same bits, nested");
    test::require(test::threads_of_process() <= before + width - 1, "no threads but the pool's");
    if (width == 4) test::require_silence([&] { blur(in, seen); });
  }
}
