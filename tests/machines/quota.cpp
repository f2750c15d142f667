// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Measures what a quota between one and two CPUs does to loops on one thread and on two: rounded down and up. In a
/// group of control groups v1, which it makes, so as root; 20 seconds for each line of arguments. Not a test.
/// Arguments: work of a loop in us (2000), from a loop's begin to the next one's in us (0: back to back).
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <parloop/parloop.hpp>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace pl = parloop;
using clock = std::chrono::steady_clock;
using microseconds = std::chrono::duration<double, std::micro>;

const std::string base = "/sys/fs/cgroup/cpu";
const std::string group = base + "/parloop-quota-" + std::to_string(::getpid());

bool write(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  file.close();
  return file.good();
}

long throttled_periods() {
  std::ifstream file(group + "/cpu.stat");
  std::string name;
  for (long value = 0; file >> name >> value;) {
    if (name == "nr_throttled") return value;
  }
  return -1;
}

/// Work that is done by being done, not by the clock: a thread that is stopped has the rest still to do.
std::atomic<double> kept;
void do_work(long roots) {
  double x = 1;
  for (long i = 0; i < roots; ++i) x = std::sqrt(x + 1);
  kept.store(x, std::memory_order_relaxed);
}

void measure(int quota, int width, long roots, double pace) {
  constexpr double length = 2e6;  // us
  constexpr int iterations = 64;
  if (!write(group + "/cpu.cfs_quota_us", std::to_string(quota))) std::puts("the quota cannot be set");
  pl::thread_pool pool({.threads = width});
  std::vector<double> times;
  const long before = throttled_periods();
  const auto begin = clock::now();
  while (microseconds(clock::now() - begin).count() < length) {
    const auto start = clock::now();
    pl::parallel_for(pool, pl::prange(iterations), [roots](pl::index_t) { do_work(roots / iterations); });
    times.push_back(microseconds(clock::now() - start).count());
    if (pace > times.back()) std::this_thread::sleep_for(microseconds(pace - times.back()));
  }
  const double all = microseconds(clock::now() - begin).count();
  const std::size_t n = times.size();
  std::sort(times.begin(), times.end());
  std::printf("| %.2f | %d | %.0f | %.1f | %.1f | %.1f | %ld of %.0f |\n", quota / 1e5, width,
              static_cast<double>(n) / all * 1e6, times[n / 2] / 1e3, times[n * 99 / 100] / 1e3, times[n - 1] / 1e3,
              throttled_periods() - before, all / 1e5);
}

}  // namespace

int main(int argc, char** argv) {
  const double work = argc > 1 ? std::atof(argv[1]) : 2000;
  const double pace = argc > 2 ? std::atof(argv[2]) : 0;
  if (::mkdir(group.c_str(), 0755) != 0 || !write(group + "/cpu.cfs_period_us", "100000") ||
      !write(group + "/cgroup.procs", std::to_string(::getpid()))) {
    std::puts("no group of control groups v1 can be made");
    return 1;
  }
  constexpr long many = 20'000'000;
  const auto begin = clock::now();
  do_work(many);
  const auto roots = static_cast<long>(work * many / microseconds(clock::now() - begin).count());
  std::puts("| quota, CPUs | threads | loops a second | median, ms | p99 | longest | periods that were throttled |");
  std::puts("|---|---|---|---|---|---|---|");
  for (const int quota : {110'000, 125'000, 150'000, 175'000}) {
    for (const int width : {1, 2}) measure(quota, width, roots, pace);
  }
  write(group + "/cpu.cfs_quota_us", "-1");
  write(base + "/cgroup.procs", std::to_string(::getpid()));
  ::rmdir(group.c_str());
}
