// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
//
// One program on several backends, chosen by name: an image copied by rows, 2 added to an array, and pi; the same
// answers on all, and what each leaves behind. Without an argument, the backends that need no other library.
//   g++ -std=c++20 -O3 -march=native -pthread -Iinclude examples/choose_backend.cpp -o choose_backend &&
//   ./choose_backend thread_pool workqueue
#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <iterator>
#include <parloop/parloop.hpp>
#include <thread>
#include <vector>

namespace pl = parloop;

static double cpu_ms() { return 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

struct answers {
  bool copied, added;
  double pi;
  bool operator==(const answers&) const = default;
};

static answers run(pl::backend& b) {
  const pl::scoped_backend use(b);
  std::vector<unsigned char> image(1080 * 1440 * 3, 7), copy(image.size());
  pl::parallel_for(pl::prange(1080),
                   [&](pl::index_t y) { std::copy_n(image.begin() + y * 4320, 4320, copy.begin() + y * 4320); });
  std::vector<double> x(1 << 20, 1.0);
  pl::parallel_for(x, [](double& v) { v += 2; });
  const double width = 1e-6;
  const double pi = pl::parallel_sum(pl::prange(1'000'000), [=](pl::index_t i) {
    const double at = (static_cast<double>(i) + 0.5) * width;
    return 4 * width / (1 + at * at);
  });
  return {copy == image, x == std::vector<double>(x.size(), 3.0), pi};
}

int main(int argc, char** argv) {
  std::vector<std::string> names(argv + 1, argv + argc);
  if (names.empty()) names = {"serial", "thread_pool", "workqueue"};
  pl::serial reference;
  const answers expected = run(reference);
  bool good = expected.copied && expected.added;
  for (const std::string& name : names) {
    const auto b = pl::make_backend(name);
    good = good && run(*b) == expected;
    const double before = cpu_ms();
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    const auto threads = std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
    std::printf("%-12s width %d, pi %.15f; then %d threads, %.2f ms of CPU in half a second\n", name.c_str(),
                b->width(), expected.pi, static_cast<int>(threads), cpu_ms() - before);
  }
  return good ? 0 : 1;
}
