// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// bench_burst [frames] [preparation in us]: the origin's image, copied by rows once every 100 ms, after its caller has
/// prepared it. How long the copy takes, and which share of a CPU the program uses, serial, by a pool, and by a pool in
/// a burst that begins with the frame.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <parloop/parloop.hpp>
#include <thread>
#include <vector>

namespace {

namespace pl = parloop;
using pl::index_t;
using clock_type = std::chrono::steady_clock;
using std::chrono::microseconds;

constexpr index_t height = 1080;
constexpr index_t row_bytes = index_t{1440} * 3;
std::vector<unsigned char> image(static_cast<std::size_t>(height* row_bytes));
std::vector<unsigned char> copied(image.size());

void copy_row(index_t y) {
  const auto at = static_cast<std::size_t>(y * row_bytes);
  std::memcpy(copied.data() + at, image.data() + at, static_cast<std::size_t>(row_bytes));
}

void prepare(microseconds duration) {
  const auto end = clock_type::now() + duration;
  while (clock_type::now() < end) {
  }
}

double in_us(std::chrono::nanoseconds d) { return static_cast<double>(d.count()) / 1000; }

struct figures {
  std::vector<double> us;  // of each copy
  double cpu = 0;          // s
  double time = 0;         // s
};

template <class Copy>
void frame(figures& f, microseconds preparation, const Copy& copy) {
  const auto cpu = pl::cpu_time();
  const auto start = clock_type::now();
  copy([&](const auto& loop) {
    prepare(preparation);
    const auto before = clock_type::now();
    loop();
    f.us.push_back(in_us(clock_type::now() - before));
  });
  std::this_thread::sleep_until(start + std::chrono::milliseconds(100));
  f.cpu += in_us(pl::cpu_time() - cpu) / 1e6;
  f.time += in_us(clock_type::now() - start) / 1e6;
}

void print(const char* name, figures& f) {
  std::sort(f.us.begin(), f.us.end());
  const auto at = [&](double part) { return f.us[static_cast<std::size_t>(part * static_cast<double>(f.us.size()))]; };
  std::printf("%-12s copy: median %6.1f us, quartiles %6.1f and %6.1f; CPU %.2f %%\n", name, at(0.5), at(0.25),
              at(0.75), 100 * f.cpu / f.time);
}

}  // namespace

int main(int argc, char** argv) {
  const int frames = argc > 1 ? std::max(std::atoi(argv[1]), 1) : 60;
  const microseconds preparation(argc > 2 ? std::atoi(argv[2]) : 300);
  std::generate(image.begin(), image.end(), [i = 0U]() mutable { return static_cast<unsigned char>(i++ * 7); });
  pl::thread_pool pool;
  const auto rows = pl::prange(height);
  figures serial;
  figures without;
  figures within;
  for (int i = 0; i < frames; ++i) {  // in turn, as the machine changes
    frame(serial, preparation, [&](const auto& work) {
      work([] {
        for (index_t y = 0; y < height; ++y) copy_row(y);
      });
    });
    frame(without, preparation, [&](const auto& work) { work([&] { pl::parallel_for(pool, rows, copy_row); }); });
    frame(within, preparation, [&](const auto& work) {
      const pl::keep_awake burst(pool);
      work([&] { pl::parallel_for(pool, rows, copy_row); });
    });
  }
  std::printf("%d frames each, %lld us of preparation, %d threads\n", frames,
              static_cast<long long>(preparation.count()), pool.width());
  print("serial", serial);
  print("pool", without);
  print("in a burst", within);
  return copied == image ? 0 : 1;
}
