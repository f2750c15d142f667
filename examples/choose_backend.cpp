// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
//
// One program on backends that are chosen by name: an image copied by rows, 2 added to an array, pi from random points;
// the same answers on all. On openmp and tbb when it is compiled with
//   -fopenmp -include parloop/backend/openmp.hpp -include parloop/backend/tbb.hpp -ltbb
//   g++ -std=c++20 -O3 -march=native -pthread -Iinclude examples/choose_backend.cpp -o choose_backend &&
//   ./choose_backend thread_pool workqueue
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <parloop/parloop.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace pl = parloop;

static double cpu_ms() { return std::chrono::duration<double, std::milli>(pl::cpu_time()).count(); }

// Whether image and array are right, and pi.
static std::pair<bool, double> run(pl::backend& b) {
  const pl::scoped_backend use(b);
  std::vector<unsigned char> image(1080 * 1440 * 3, 7), copy(image.size());
  pl::parallel_for(pl::prange(1080),
                   [&](pl::index_t y) { std::copy_n(image.begin() + y * 4320, 4320, copy.begin() + y * 4320); });
  std::vector<double> a(128 * 128 * 64, 1.0);
  const pl::view array(a.data(), 128, 128, 64);
  pl::parallel_for(pl::grid(128, 128, 64), [=](auto z, auto y, auto x) { array(z, y, x) += 2; });
  const auto inside = pl::parallel_sum(pl::prange(1'000'000), [](pl::index_t i) {
    const auto [x, y] = pl::uniform2(42, i);
    return x * x + y * y < 1;
  });
  return {copy == image && a == std::vector<double>(a.size(), 3.0), 4e-6 * static_cast<double>(inside)};
}

int main(int argc, char** argv) {
  std::vector<std::string> names(argv + 1, argv + argc);
  if (names.empty()) names = {"serial", "thread_pool", "work_stealing", "workqueue"};
  pl::serial reference;
  const auto expected = run(reference);
  bool good = expected.first;
  for (const std::string& name : names) {
    const auto b = pl::make_backend(name);
    good = good && run(*b) == expected;
    const double before = cpu_ms();
    std::this_thread::sleep_for(std::chrono::seconds(1));
    const double burnt = cpu_ms() - before;
    std::error_code not_linux;
    const auto threads = std::distance(std::filesystem::directory_iterator("/proc/self/task", not_linux), {});
    const std::string now = not_linux ? "" : std::to_string(threads) + " threads, ";
    std::printf("%-12s width %d, pi %.6f; then %s%.2f ms of CPU in the second after\n", name.c_str(), b->width(),
                expected.second, now.c_str(), burnt);
  }
  return good ? 0 : 1;
}
