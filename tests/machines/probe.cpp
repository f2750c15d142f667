// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Measures this machine and prints a profile of it, for profiles.hpp: two threads, half a minute, nothing else
/// running. Medians; a wake-up's is over those that came onto another CPU than the waker's, and how many did not is
/// told apart.
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

using word = std::atomic<std::uint32_t>;

std::int64_t now() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * std::int64_t{1'000'000'000} + t.tv_nsec;
}

std::int64_t median(std::vector<std::int64_t> all) {
  if (all.empty()) return -1;
  std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2), all.end());
  return all[all.size() / 2];
}

void pin(int cpu) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(cpu), &one);
  ::sched_setaffinity(0, sizeof one, &one);
}

void wait_on(word& w, std::uint32_t expected) {
  ::syscall(SYS_futex, &w, FUTEX_WAIT_PRIVATE, expected, nullptr, nullptr, 0);
}

void spin_until(std::int64_t when) {
  while (now() < when) __builtin_ia32_pause();
}

/// ns an operation takes, by the fastest of some rounds.
template <class Operation>
double cost(Operation operation) {
  constexpr int times = 10'000;
  std::int64_t best = INT64_MAX;
  for (int round = 0; round < 20; ++round) {
    const std::int64_t begin = now();
    for (int i = 0; i < times; ++i) operation();
    best = std::min(best, now() - begin);
  }
  return static_cast<double>(best) / times;
}

/// A line's round trip between two CPUs, ns.
double ping_pong(int a, int b) {
  constexpr std::uint32_t rounds = 200'000;
  alignas(64) word ball{0};
  const auto play = [&](int cpu, std::uint32_t mine) {
    pin(cpu);
    for (std::uint32_t i = mine; i < 2 * rounds; i += 2) {
      while (ball.load(std::memory_order_acquire) != i) __builtin_ia32_pause();
      ball.store(i + 1, std::memory_order_release);
    }
  };
  std::thread other(play, b, 1);
  std::thread first([&] { play(a, 0); });
  const std::int64_t begin = now();
  first.join();
  other.join();
  return static_cast<double>(now() - begin) / rounds;
}

struct wake_figures {
  std::int64_t cost = 0;
  std::int64_t latency = 0;
  int on_wakers_cpu = 0;
  int wakes = 0;
};

/// A thread that has slept for `rest` is woken by one that was awake meanwhile. Neither is bound to a CPU.
wake_figures wake_after(std::int64_t rest, int wakes) {
  word bell{0};
  std::atomic<std::int64_t> ran{0};
  std::atomic<int> where{-1};
  word done{0};
  std::thread sleeper([&] {
    for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(wakes); ++i) {
      while (bell.load() == i) wait_on(bell, i);
      ran.store(now());
      where.store(::sched_getcpu());
      done.store(i + 1);
    }
  });
  std::vector<std::int64_t> costs;
  std::vector<std::int64_t> latencies;
  wake_figures f;
  f.wakes = wakes;
  for (int i = 0; i < wakes; ++i) {
    spin_until(now() + rest);
    const int here = ::sched_getcpu();
    const std::int64_t begin = now();
    bell.fetch_add(1);
    ::syscall(SYS_futex, &bell, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
    const std::int64_t returned = now();
    while (done.load() != static_cast<std::uint32_t>(i) + 1) __builtin_ia32_pause();
    if (where.load() == here) {
      ++f.on_wakers_cpu;
      continue;
    }
    costs.push_back(returned - begin);
    latencies.push_back(ran.load() - begin);
  }
  sleeper.join();
  f.cost = median(costs);
  f.latency = median(latencies);
  return f;
}

}  // namespace

int main() {
  const auto cpus = static_cast<int>(std::thread::hardware_concurrency());
  std::vector<std::int64_t> starts;
  for (int i = 0; i < 200; ++i) {
    const std::int64_t begin = now();
    std::thread started([] {});
    starts.push_back(now() - begin);
    started.join();
  }
  word w{0};
  std::printf(
      "inline profile this_machine() {\n  profile p;\n  p.name = \"\";\n  p.source = \"measured by "
      "test_machines_probe\";\n");
  std::printf(
      "  p.cores_per_node = %d;  // all hardware threads: nodes, siblings and slow cores are to be told apart\n", cpus);
  std::printf("  p.exchange = %.0f;\n", cost([&] { w.fetch_add(1); }));
  std::printf("  p.pause = %.0f;\n", cost([] { __builtin_ia32_pause(); }));
  std::printf("  p.clock_read = %.0f;\n", cost([] { (void)__builtin_ia32_rdtsc(); }));
  std::printf("  p.system_call = %.0f;\n", cost([] { ::syscall(SYS_getppid); }));
  std::printf("  p.thread_start = %lld;\n", static_cast<long long>(median(starts)));
  for (int other = 1; other < cpus; other *= 2) {
    const double round = ping_pong(0, other);
    std::printf("  p.line_node = p.line_far = %.0f;  // CPUs 0 and %d: a round trip of %.0f ns is four of them\n",
                round / 4, other, round);
  }
  std::printf("  p.wake = {");
  const char* between = "";
  int misplaced = 0;
  int wakes = 0;
  constexpr std::int64_t rests[] = {20'000, 200'000, 2'000'000, 20'000'000, 100'000'000};
  for (const std::int64_t rest : rests) {
    const wake_figures f = wake_after(rest, rest < 10'000'000 ? 300 : 50);
    misplaced += f.on_wakers_cpu;
    wakes += f.wakes;
    if (f.latency > 0) {
      std::printf("%s{%lld, %lld, %lld}", between, static_cast<long long>(rest), static_cast<long long>(f.cost),
                  static_cast<long long>(f.latency));
      between = ", ";
    }
  }
  std::printf("};\n  p.wake_affine = %.2f;  // %d of %d woken threads began on their waker's CPU\n  return p;\n}\n",
              static_cast<double>(misplaced) / wakes, misplaced, wakes);
}
