// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// outside.py's program: it says "mark" where its CPU time counts from, or to, and waits for an answer. outside after
/// WAY: one mark, with the threads of some loops at rest; outside paced WAY: a mark before and one after 20 copies of
/// an image, 100 ms apart. WAY is serial, an idle policy, or openmp where it was compiled with that. outside fork WAY
/// needs no driver: it prints what two threads need to begin a loop and to end it, by its own clock.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <parloop/parloop.hpp>
#include <string_view>
#include <thread>
#include <vector>

namespace pl = parloop;

static void mark() {
  std::puts("mark");
  std::fflush(stdout);
  (void)std::getchar();
}

template <class Body>
static void rows(pl::backend& pool, [[maybe_unused]] std::string_view way, int height, const Body& body) {
#if defined(_OPENMP)
  if (way == "openmp") {
#pragma omp parallel for
    for (int y = 0; y < height; ++y) body(y);
    return;
  }
#endif
  pl::parallel_for(pool, pl::prange(height), body);
}

/// The median, in us, of loops of two iterations that wait for each other; `pause` before each.
template <class Fork>
static double median_of_meetings(std::chrono::milliseconds pause, const Fork& fork) {
  std::atomic<int> come{0};
  const auto meet = [&](pl::index_t) {
    for (++come; come.load() < 2;) pl::detail::cpu_pause();
  };
  std::vector<double> us;
  for (int sample = 0; sample < 300; ++sample) {
    if (pause.count() != 0) std::this_thread::sleep_for(pause);
    come = 0;
    const auto start = std::chrono::steady_clock::now();
    fork(meet);
    us.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
  }
  std::nth_element(us.begin(), us.begin() + 150, us.end());
  return us[150];
}

template <class Meet>
static void as_two(pl::backend& pool, const Meet& meet) {
  pl::loop work;
  work.n = 2;
  work.chunk = {[](void* self, pl::index_t begin, pl::index_t end) noexcept {
                  for (pl::index_t i = begin; i < end; ++i) (*static_cast<const Meet*>(self))(i);
                },
                const_cast<Meet*>(&meet)};
  pool.run(work);
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string_view what = argv[1];
  const std::string_view way = argv[2];
  const auto idle = way == "park"      ? pl::idle::park()
                    : way == "release" ? pl::idle::release()
                    : way == "spin"    ? pl::idle::spin()
                                       : pl::idle::adaptive();
  pl::thread_pool threads({.threads = 2, .idle = idle});
  pl::serial serial;
  pl::backend& pool = way == "serial" ? static_cast<pl::backend&>(serial) : threads;

  if (what == "fork") {
    const auto fork = [&](const auto& meet) {
#if defined(_OPENMP)
      if (way == "openmp") {
#pragma omp parallel for num_threads(2) schedule(static, 1)
        for (int i = 0; i < 2; ++i) meet(i);
        return;
      }
#endif
      as_two(threads, meet);
    };
    using std::chrono::milliseconds;
    std::printf("%s: %.1f us hot, %.1f us after 2 ms of sleep\n", argv[2], median_of_meetings(milliseconds(0), fork),
                median_of_meetings(milliseconds(2), fork));
    return 0;
  }

  constexpr std::size_t width = 1440, height = 1080, row = width * 3;
  std::vector<std::uint8_t> image(row * height, 3), copy(row * height);
  const auto copy_row = [&](pl::index_t y) {
    const auto offset = static_cast<std::size_t>(y) * row;
    std::memcpy(&copy[offset], &image[offset], row);
  };
  for (int warm = 0; warm < 30; ++warm) rows(pool, way, height, copy_row);
  const int frames = what == "paced" ? 20 : 0;
  if (frames == 0) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  mark();
  for (int frame = 0; frame < frames; ++frame) {
    rows(pool, way, height, copy_row);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  mark();
  return copy == image ? 0 : 1;
}
