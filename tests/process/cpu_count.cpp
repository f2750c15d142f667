// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How many threads a restricted process gets. "affinity": one CPU, as under `taskset -c 0`. "quota": control groups
/// that grant one and a half, half and one CPU's worth of time. "following": a quota that shrinks and grows while loops
/// run. "changing": all threads are bound to other CPUs, again
/// and again, while loops run.
#include <sched.h>
#include <sys/stat.h>

#include <algorithm>
#include <parloop/parloop.hpp>

#include "conformance.hpp"

namespace {

using parloop::index_t;

/// 0 when the default backend is one thread wide, and loops make no others.
int width_is_one() {
  const std::size_t threads = test::thread_ids().size();
  parloop::backend& b = parloop::default_backend();
  for (int l = 0; l < 20; ++l) {
    std::atomic<int> runs{0};
    parloop::parallel_for(parloop::prange(100), [&](index_t) {
      test::busy_for(std::chrono::microseconds(10));
      ++runs;
    });
    if (runs != 100) return 1;
  }
  std::printf("width %d, threads made %zu\n", b.width(), test::thread_ids().size() - threads);
  return b.width() == 1 && test::thread_ids().size() == threads ? 0 : 1;
}

bool write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  file.close();
  return file.good();
}

int with_affinity() {
  cpu_set_t all;
  CPU_ZERO(&all);
  ::sched_getaffinity(0, sizeof all, &all);
  cpu_set_t one;
  CPU_ZERO(&one);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &all)) {
      CPU_SET(cpu, &one);
      break;
    }
  }
  if (::sched_setaffinity(0, sizeof one, &one) != 0) {
    std::puts("SKIPPED: the affinity cannot be set");
    return 77;
  }
  return width_is_one();
}

/// Whether loops are soon run by so many threads: two, if one is helped; one, if a hundred in a row are not, as help
/// may be late beside other programs.
bool is_followed(parloop::backend& b, int threads) {
  int in_a_row = 0;
  return test::becomes_true([&] {
    std::atomic<int> others{0};
    const std::thread::id caller = std::this_thread::get_id();
    parloop::loop work;
    work.n = 100;
    const auto body = [&](index_t begin, index_t end) {
      if (std::this_thread::get_id() != caller) others = 1;
      test::busy_for((end - begin) * std::chrono::microseconds(10));
    };
    work.chunk = {[](void* f, index_t begin, index_t end) noexcept { (*static_cast<decltype(body)*>(f))(begin, end); },
                  const_cast<void*>(static_cast<const void*>(&body))};
    b.run(work);
    in_a_row = 1 + others == threads ? in_a_row + 1 : 0;
    return in_a_row == (threads == 1 ? 100 : 1);
  });
}

/// The width that loops have follows the quota; that of a pool whose threads were counted does not.
int follow(const std::string& quota_file) {
  write_file(quota_file, "200000");
  parloop::thread_pool pool;
  parloop::thread_pool two({.threads = 2});
  if (pool.width() < 2) return std::puts("SKIPPED: there is one CPU"), 77;
  for (const int threads : {2, 1, 2}) {
    write_file(quota_file, std::to_string(threads * 100'000));
    const bool followed = is_followed(pool, threads);
    std::printf("quota %d: %s, width %d, %s\n", threads, followed ? "followed" : "NOT FOLLOWED", pool.width(),
                pool.details().c_str());
    if (!followed || pool.width() != 2) return 1;
    if (threads == 1 && !is_followed(two, 2)) return std::puts("the pool of two is followed"), 1;
  }
  return 0;
}

int with_quota(bool changes) {
  const std::string base = "/sys/fs/cgroup/cpu";
  const std::string group = base + "/parloop-test-" + std::to_string(::getpid());
  if (::mkdir(group.c_str(), 0755) != 0) {
    std::puts("SKIPPED: no writable v1 cpu control group");
    return 77;
  }
  int result = 77;
  if (write_file(group + "/cpu.cfs_period_us", "100000") && write_file(group + "/cpu.cfs_quota_us", "100000") &&
      write_file(group + "/cgroup.procs", std::to_string(::getpid()))) {
    result = 0;
    for (const int quota_us : {150'000, 50'000, 100'000}) {
      const bool set = write_file(group + "/cpu.cfs_quota_us", std::to_string(quota_us));
      const auto found = parloop::detail::cpu_count();
      std::printf("quota %.2f, affinity %d, usable %d\n", found.quota, found.affinity, found.usable);
      const int granted = (quota_us + 99'999) / 100'000;
      if (!set || found.quota != quota_us / 1e5 || found.usable != std::min(granted, found.affinity)) result = 1;
    }
    if (changes) {
      result = follow(group + "/cpu.cfs_quota_us");
    } else if (result == 0) {
      result = width_is_one();
    }
  } else {
    std::puts("SKIPPED: the cpu control group cannot be set up");
  }
  write_file(base + "/cgroup.procs", std::to_string(::getpid()));
  ::rmdir(group.c_str());
  return result;
}

int with_changing_affinity() {
  cpu_set_t all;
  CPU_ZERO(&all);
  ::sched_getaffinity(0, sizeof all, &all);
  if (CPU_COUNT(&all) < 2) return std::puts("SKIPPED: there is one CPU"), 77;
  std::atomic<bool> stop{false};
  std::atomic<int> changes{0};
  std::thread meddler([&] {
    test::random_source random(3);
    while (!stop) {
      cpu_set_t one;
      CPU_ZERO(&one);
      int cpu = static_cast<int>(random.below(CPU_SETSIZE));
      while (!CPU_ISSET(cpu, &all)) cpu = (cpu + 1) % CPU_SETSIZE;
      CPU_SET(cpu, &one);
      for (const int id : test::thread_ids()) {
        if (::sched_setaffinity(id, sizeof one, random.chance(50) ? &one : &all) == 0) ++changes;
      }
    }
  });
  std::string wrong;
  for (const char* name : {"thread_pool", "work_stealing", "workqueue"}) {
    const auto b = parloop::make_backend(name, {4, {}});
    if (wrong.empty()) wrong = conformance::mixed(*b, 11, test::rounds(5'000));
  }
  stop = true;
  meddler.join();
  std::printf("%d changes%s%s\n", changes.load(), wrong.empty() ? "" : ": ", wrong.c_str());
  return wrong.empty() && changes > 100 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const test::watchdog guard(60, "cpu count");
  for (const char* name : {"PARLOOP_BACKEND", "PARLOOP_NUM_THREADS", "PARLOOP_IDLE"}) ::unsetenv(name);
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "quota" || what == "following") return with_quota(what == "following");
  return what == "changing" ? with_changing_affinity() : with_affinity();
}
