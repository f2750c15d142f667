// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// bench_launch [rounds]: how long after it is launched an empty task begins in a worker that is awake, beside how long
/// after a loop is shared such a worker begins; and what launching and waiting for many tasks costs.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <parloop/parloop.hpp>
#include <thread>
#include <vector>

namespace {

namespace pl = parloop;
using clock_type = std::chrono::steady_clock;

double in_us(std::chrono::nanoseconds d) { return static_cast<double>(d.count()) / 1000; }

/// When somebody else has begun; he says so once.
struct beginning {
  std::atomic<bool> seen{false};
  clock_type::time_point at;

  void note() {
    at = clock_type::now();
    seen.store(true, std::memory_order_release);
  }
  double since(clock_type::time_point start) {
    while (!seen.load(std::memory_order_acquire)) {
    }
    return in_us(at - start);
  }
};

double forked(pl::backend& pool) {
  struct meeting {
    std::thread::id caller = std::this_thread::get_id();
    beginning other;
  } m;
  pl::loop two;
  two.n = 2;
  two.chunk = {[](void* self, pl::index_t, pl::index_t) noexcept {
                 auto& at = *static_cast<meeting*>(self);
                 if (std::this_thread::get_id() != at.caller) {
                   at.other.note();
                 } else {
                   while (!at.other.seen.load(std::memory_order_acquire)) {
                   }
                 }
               },
               &m};
  const auto start = clock_type::now();
  pool.run(two);
  return m.other.since(start);
}

double launched(pl::backend& pool) {
  beginning other;
  const auto start = clock_type::now();
  auto work = pl::launch(pool, [&] { other.note(); });
  const double took = other.since(start);
  work.wait();
  return took;
}

double detached(pl::backend& pool) {
  beginning other;
  const auto start = clock_type::now();
  pl::launch_detached(pool, [&] { other.note(); });
  return other.since(start);
}

double each_of_many(pl::backend& pool, int threads, int tasks) {
  const auto start = clock_type::now();
  std::vector<std::jthread> all;
  for (int t = 0; t < threads; ++t) {
    all.emplace_back([&] {
      pl::task_group group(pool);
      for (int i = 0; i < tasks; ++i) {
        group.run([] {});
        if (i % 1000 == 999) group.wait();
      }
      group.wait();
    });
  }
  all.clear();
  return in_us(clock_type::now() - start) / threads / tasks;
}

void print(const char* what, std::vector<double>& us) {
  std::sort(us.begin(), us.end());
  std::printf("%-28s median %.2f us, quartiles %.2f and %.2f\n", what, us[us.size() / 2], us[us.size() / 4],
              us[3 * us.size() / 4]);
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(std::atoi(argv[1]), 4) : 20'000;
  pl::thread_pool pool({.threads = 2, .idle = pl::idle::spin()});
  std::vector<double> fork_us;
  std::vector<double> launch_us;
  std::vector<double> detach_us;
  for (int i = 0; i < rounds; ++i) {  // in turn, as the machine changes
    fork_us.push_back(forked(pool));
    launch_us.push_back(launched(pool));
    detach_us.push_back(detached(pool));
  }
  print("a shared loop's helper", fork_us);
  print("a launched function", launch_us);
  print("a detached function", detach_us);
  pl::thread_pool sleepers({.threads = 2, .idle = pl::idle::adaptive()});
  std::printf("of many tasks each %.3f us from one thread, %.3f us from eight\n", each_of_many(sleepers, 1, 400'000),
              each_of_many(sleepers, 8, 50'000));
}
