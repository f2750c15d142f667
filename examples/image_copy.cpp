// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
//
// A draw loop: an image is copied row by row every 100 ms for 2 s, in parallel. Look at `top` meanwhile: with many loop
// libraries all CPUs are at 100 %. The argument is an idle policy (adaptive, park, release or spin) to compare.
//   g++ -std=c++20 -O3 -march=native -pthread -Iinclude examples/image_copy.cpp -o image_copy && ./image_copy
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <parloop/parloop.hpp>
#include <string_view>
#include <thread>
#include <vector>

namespace pl = parloop;
using namespace std::chrono_literals;
using seconds = std::chrono::duration<double>;

static seconds wall() { return std::chrono::steady_clock::now().time_since_epoch(); }

// All threads, user and system.
static seconds process_cpu() { return pl::cpu_time(); }

int main(int argc, char** argv) {
  const std::string_view name = argc > 1 ? argv[1] : "adaptive";
  const int frames = argc > 2 ? std::atoi(argv[2]) : 20;
  const auto idle = name == "park"      ? pl::idle::park()
                    : name == "release" ? pl::idle::release()
                    : name == "spin"    ? pl::idle::spin()
                                        : pl::idle::adaptive();
  pl::thread_pool pool({.idle = idle});

  constexpr std::size_t width = 1440, height = 1080, row = width * 3;
  std::vector<std::uint8_t> image(row * height), copy(row * height);
  for (std::size_t i = 0; i < image.size(); ++i) image[i] = static_cast<std::uint8_t>(i * 2654435761U >> 24);

  seconds in_loops{}, start = wall(), cpu_start = process_cpu();
  for (int frame = 0; frame < frames; ++frame) {
    const seconds before = wall();
    pl::parallel_for(pool, pl::prange(height), [&](pl::index_t y) {
      const auto offset = static_cast<std::size_t>(y) * row;
      std::memcpy(&copy[offset], &image[offset], row);
    });
    in_loops += wall() - before;
    std::this_thread::sleep_for(100ms);
  }
  const seconds elapsed = wall() - start, cpu = process_cpu() - cpu_start;
  std::this_thread::sleep_for(1s);
  const seconds after = process_cpu() - cpu_start - cpu;
  std::printf(
      "%s, %d threads: %.2f ms a copy, CPU share of the process %.1f %%, CPU burnt in the second after: %.2f ms\n",
      pl::to_string(pool.idle()).c_str(), pool.width(), in_loops.count() * 1e3 / frames, cpu / elapsed * 100,
      after.count() * 1e3);
  return copy == image ? 0 : 1;
}
