// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
// Adds 2 to every element of a 1024 x 1024 x 512 array of doubles, with three nested indices: 4 GiB in, 4 GiB out.
// The argument divides the first extent, for less memory: ./array_add 16 works on 64 x 1024 x 512.
//   g++ -std=c++20 -O3 -march=native -pthread -Iinclude examples/array_add.cpp -o array_add && ./array_add
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <parloop/parloop.hpp>
#include <string>

namespace pl = parloop;

static double seconds_of(const auto& run) {
  const auto start = std::chrono::steady_clock::now();
  run();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Memory that the system can give, its file cache included; as much as one likes where it does not say.
static double available_bytes() {
  std::ifstream info("/proc/meminfo");
  std::string word;
  while (word != "MemAvailable:" && info >> word) continue;
  return info >> word ? 1024 * std::atof(word.c_str()) : 1e18;
}

int main(int argc, char** argv) {
  const pl::index_t divisor = argc > 1 ? std::atoi(argv[1]) : 1;
  if (divisor < 1 || divisor > 1024) return std::fprintf(stderr, "array_add: the divisor must be 1 to 1024\n"), 2;
  constexpr pl::index_t ny = 1024, nx = 512;
  const pl::index_t nz = 1024 / divisor, n = nz * ny * nx;
  const double needed = 2.0 * sizeof(double) * static_cast<double>(n);
  if (const double available = available_bytes(); needed > 0.9 * available) {
    std::fprintf(stderr, "array_add: needs %.1f GiB, of memory there is %.1f GiB; try a divisor, as in ./array_add 4\n",
                 needed / 0x1p30, available / 0x1p30);
    return 2;
  }

  // Touched, in parallel, before it is timed: memory comes at the first write. On huge pages where the system has them.
  const auto a = pl::make_array<double>(n, [](pl::index_t i) { return static_cast<double>(i % 1000); });
  auto b = pl::make_array<double>(n);

  const auto body = [in = a.data(), out = b.data()](pl::index_t z, pl::index_t y, pl::index_t x) {
    const pl::index_t i = (z * ny + y) * nx + x;
    out[i] = in[i] + 2;
  };
  pl::serial one;
  const double serial = seconds_of([&] { pl::parallel_for(one, pl::grid(nz, ny, nx), body); });
  const double parallel = seconds_of([&] { pl::parallel_for(pl::grid(nz, ny, nx), body); });
  const auto wrong =
      pl::parallel_sum(pl::prange(n), [&](pl::index_t i) { return b[i] != static_cast<double>(i % 1000) + 2; });
  std::printf("%ld x 1024 x 512 doubles + 2: serial %.3f s, parallel %.3f s on %d threads (%.2f times as fast), ",
              static_cast<long>(nz), serial, parallel, pl::default_backend().width(), serial / parallel);
  std::printf("%.1f GB/s, %ld wrong\n", needed / parallel / 1e9, static_cast<long>(wrong));
  return wrong == 0 ? 0 : 1;
}
