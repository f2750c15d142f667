// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
//
// A backend of one's own, on whatever threads a program has; here on std::async. All that it has to do is to cover
// [0, n). The front end does the rest: probing, grain, exceptions, reductions.
//   g++ -std=c++20 -O3 -march=native -pthread -Iinclude examples/write_a_backend.cpp -o write_a_backend &&
//   ./write_a_backend
#include <atomic>
#include <chrono>
#include <cstdio>
#include <future>
#include <parloop/parloop.hpp>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace pl = parloop;

class async_backend final : public pl::backend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "async"; }
  [[nodiscard]] int width() const noexcept override { return 4; }
  [[nodiscard]] pl::help_offered help() const noexcept override { return {std::chrono::microseconds(60)}; }

  void run(const pl::loop& work) override {
    const pl::index_t grains = (work.n - 1) / work.grain + 1;
    std::atomic<pl::index_t> next{0};
    const auto take_part = [&] {
      for (pl::index_t g = next++; g < grains; g = next++) {
        const pl::index_t begin = g * work.grain;
        work.chunk(begin, work.n - begin > work.grain ? begin + work.grain : work.n);
      }
    };
    std::vector<std::future<void>> others;
    try {
      while (static_cast<int>(others.size()) + 1 < width() && static_cast<int>(others.size()) + 1 < work.width) {
        others.push_back(std::async(std::launch::async, take_part));
      }
    } catch (const std::system_error&) {  // no more threads: fewer take part
    }
    take_part();
  }  // the futures wait for their threads
};

int main() {
  async_backend mine;
  const double sum =
      pl::parallel_sum(mine, pl::prange(1'000'000), [](pl::index_t i) { return 1.0 / static_cast<double>(i + 1); });
  const double same =
      pl::parallel_sum(pl::prange(1'000'000), [](pl::index_t i) { return 1.0 / static_cast<double>(i + 1); });
  std::printf("%s: %.15f, the default backend: %.15f\n", std::string(mine.name()).c_str(), sum, same);
  return sum == same ? 0 : 1;
}
