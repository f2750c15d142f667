// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// silence POLICY: what a pool burns in the second after its loops is next to nothing, here, by the system's clock.
#include <cmath>
#include <cstdio>
#include <parloop/parloop.hpp>
#include <string_view>
#include <thread>

#include "support.hpp"

namespace pl = parloop;

int main(int argc, char** argv) {
  const test::watchdog guard(50, "silence");
  const std::string_view name = argc > 1 ? argv[1] : "adaptive";
  const auto idle = name == "park" ? pl::idle::park() : name == "release" ? pl::idle::release() : pl::idle::adaptive();
  pl::thread_pool pool({.threads = 4, .idle = idle});
  std::atomic<long> ran{0};
  for (int loop = 0; loop < 10; ++loop) {
    pl::parallel_for(pool, pl::prange(64).grain(1), [&](pl::index_t) {
      test::busy_for(std::chrono::microseconds(50));
      ++ran;
    });
  }
  // The clock must move, or it could not tell: by 50 ms, which take longer where other programs run.
  const auto before_work = test::cpu_time();
  auto worked = before_work - before_work;
  for (int i = 0; i < 300 && worked < std::chrono::milliseconds(50); ++i) {
    test::busy_for(std::chrono::milliseconds(100));
    worked = test::cpu_time() - before_work;
  }
  test::let_pass(std::chrono::milliseconds(50));  // what `adaptive` may still spin
  const auto before = test::cpu_time();
  test::let_pass(std::chrono::seconds(1));
  const auto burnt = test::cpu_time() - before;
  const auto ms = [](auto t) { return std::chrono::duration<double, std::milli>(t).count(); };
  std::printf("%s: %.2f ms of CPU in some work, %.3f ms in the second after\n", argv[1], ms(worked), ms(burnt));
  const double most = 1.0 * test::emulation() * (test::under_sanitizer ? 10 : 1);
  return ran == 640 && ms(worked) >= 50 && ms(burnt) <= most ? 0 : 1;
}
