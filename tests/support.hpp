// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What several tests need: a watchdog, seeded random numbers, work of a given length, facts about this process.
#pragma once

#if defined(__linux__)
#include <dirent.h>
#include <signal.h>
#include <unistd.h>
#else
#include <condition_variable>
#include <mutex>
#endif

#include <atomic>
#include <bit>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <exception>
#include <fstream>
#include <parloop/cpu_time.hpp>
#include <parloop/index.hpp>
#include <random>
#include <string>
#include <thread>
#include <vector>

#if defined(__SANITIZE_THREAD__)
#define TEST_UNDER_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define TEST_UNDER_TSAN 1
#endif
#endif
#ifndef TEST_UNDER_TSAN
#define TEST_UNDER_TSAN 0
#endif

#if defined(__SANITIZE_ADDRESS__)
#define TEST_UNDER_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TEST_UNDER_ASAN 1
#endif
#endif
#ifndef TEST_UNDER_ASAN
#define TEST_UNDER_ASAN 0
#endif

namespace test {

using parloop::index_t;

inline constexpr bool under_tsan = TEST_UNDER_TSAN != 0;
inline constexpr bool under_sanitizer = under_tsan || TEST_UNDER_ASAN != 0;

/// How many times as much of everything is done as in an ordinary run: PARLOOP_TEST_FACTOR; the preset `long` sets it.
inline unsigned factor() {
  static const char* const text = std::getenv("PARLOOP_TEST_FACTOR");
  const int value = text != nullptr ? std::atoi(text) : 1;
  return value > 1 ? static_cast<unsigned>(value) : 1;
}

/// How many times slower this machine is because it is emulated: PARLOOP_TEST_EMULATION; the presets of other
/// processors set it.
inline unsigned emulation() {
  static const char* const text = std::getenv("PARLOOP_TEST_EMULATION");
  const int value = text != nullptr ? std::atoi(text) : 1;
  return value > 1 ? static_cast<unsigned>(value) : 1;
}

/// `full` rounds, times factor(); fewer under a sanitizer or an emulator, which makes each slower.
inline std::int64_t rounds(std::int64_t full) {
  const std::int64_t slower = (under_sanitizer ? 10 : 1) * static_cast<std::int64_t>(emulation());
  return factor() * (slower > 1 ? full / slower + 1 : full);
}

/// Ends the process, with a message, when it lives for more than `limit` seconds, times factor() and emulation(): a
/// hang is a failure, not a wait.
class watchdog {
 public:
#if defined(__linux__)
  explicit watchdog(unsigned limit, const char* what = "") {
    what_ = what;
    struct sigaction action {};
    action.sa_handler = [](int) {
      static constexpr char message[] = "watchdog: no progress in: ";
      (void)!::write(2, message, sizeof message - 1);
      (void)!::write(2, what_, std::strlen(what_));
      (void)!::write(2, "\n", 1);
      ::abort();
    };
    ::sigaction(SIGALRM, &action, nullptr);
    ::alarm(limit * factor() * emulation());
  }
  watchdog(const watchdog&) = delete;
  watchdog& operator=(const watchdog&) = delete;
  ~watchdog() { ::alarm(0); }

 private:
  static inline const char* what_ = "";
#else
  explicit watchdog(unsigned limit, const char* what = "")
      : thread_([this, what, limit = std::chrono::seconds(limit * factor() * emulation())] {
          std::unique_lock lock(mutex_);
          if (ends_.wait_for(lock, limit, [this] { return over_; })) return;
          std::fprintf(stderr, "watchdog: no progress in: %s\n", what);
          std::_Exit(99);
        }) {}
  watchdog(const watchdog&) = delete;
  watchdog& operator=(const watchdog&) = delete;
  ~watchdog() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    ends_.notify_one();
    thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable ends_;
  bool over_ = false;
  std::thread thread_;
#endif
};

/// Random numbers that are the same in every run; the seed is part of the test.
class random_source {
 public:
  explicit random_source(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {  // splitmix64
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  /// In [0, n).
  std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(n)); }
  bool chance(int percent) { return below(100) < percent; }
  template <class T, std::size_t N>
  const T& one_of(const T (&values)[N]) {
    return values[below(static_cast<std::int64_t>(N))];
  }

 private:
  std::uint64_t state_;
};

/// Keeps the CPU busy.
inline void busy_for(std::chrono::nanoseconds duration) {
  const auto end = std::chrono::steady_clock::now() + duration;
  while (std::chrono::steady_clock::now() < end) {
  }
}

/// Polls until `condition()` holds; false when it does not within ten seconds.
template <class Condition>
bool becomes_true(Condition condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  return true;
}

#if defined(__linux__)

/// Ids of this process's threads.
inline std::vector<int> thread_ids() {
  std::vector<int> ids;
  if (DIR* tasks = ::opendir("/proc/self/task"); tasks != nullptr) {
    while (const dirent* entry = ::readdir(tasks)) {
      if (entry->d_name[0] != '.') ids.push_back(std::atoi(entry->d_name));
    }
    ::closedir(tasks);
  }
  return ids;
}

/// Whether a thread of this process, by its id in the kernel, sleeps.
inline bool thread_sleeps(int id) {
  std::ifstream file("/proc/self/task/" + std::to_string(id) + "/stat");
  std::string line;
  std::getline(file, line);
  const auto name_ends = line.rfind(')');
  return name_ends != std::string::npos && line.substr(name_ends + 2, 1) == "S";
}

/// What a thread of this process has used of the CPUs.
inline std::chrono::nanoseconds cpu_time_of(int id) {
  constexpr unsigned of_a_thread = 6;  // as pthread_getcpuclockid has it, which does not take ids
  timespec used{};
  ::clock_gettime(static_cast<clockid_t>(~static_cast<unsigned>(id) << 3 | of_a_thread), &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

/// Whether all threads of this process but the main one sleep.
inline bool other_threads_sleep() {
  for (const int id : thread_ids()) {
    if (id != ::getpid() && !thread_sleeps(id)) return false;
  }
  return true;
}

/// Threads of this process whose name is `name`.
inline std::vector<int> threads_named(const std::string& name) {
  std::vector<int> found;
  for (const int id : thread_ids()) {
    std::ifstream file("/proc/self/task/" + std::to_string(id) + "/comm");
    std::string line;
    if (std::getline(file, line) && line == name) found.push_back(id);
  }
  return found;
}

/// The parloop workers of this process. Standard C++ names no threads: there, all but the main one.
inline std::vector<int> worker_ids() {
#if defined(PARLOOP_PORTABLE)
  std::vector<int> ids = thread_ids();
  std::erase(ids, static_cast<int>(::getpid()));
  return ids;
#else
  return threads_named("parloop");
#endif
}

/// The value behind `key` in /proc/self/task/ID/status; empty when there is none.
inline std::string status_of(int id, const std::string& key) {
  std::ifstream file("/proc/self/task/" + std::to_string(id) + "/status");
  std::string line;
  while (std::getline(file, line)) {
    if (line.rfind(key + ":", 0) == 0) {
      const std::size_t value = line.find_first_not_of(" \t", key.size() + 1);
      return value == std::string::npos ? "" : line.substr(value);
    }
  }
  return "";
}

/// How often thread `id` went to sleep of its own accord; it wakes as often.
inline long long sleeps_of(int id) {
  const std::string text = status_of(id, "voluntary_ctxt_switches");
  return text.empty() ? -1 : std::stoll(text);
}

#endif

/// CPU time used by this process so far.
inline std::chrono::nanoseconds cpu_time() { return parloop::cpu_time(); }

/// Sleeps for the whole of `duration`, interrupted or not. To let time pass, never to wait for a condition.
inline void let_pass(std::chrono::milliseconds duration) { std::this_thread::sleep_for(duration); }

/// Numbers between 2^-30 and 2^30 of both signs, so that every order of adding them up rounds differently.
inline double mixed(index_t i) {
  std::uint64_t z = static_cast<std::uint64_t>(i) * 0x9e3779b97f4a7c15U + 0x1234567U;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  z ^= z >> 31;
  const std::uint64_t exponent = 1'023 - 30 + (z >> 1) % 60;
  return std::bit_cast<double>(z << 63 | exponent << 52 | z >> 12);
}

/// What the exception says that function() throws.
template <class Function>
std::string complaint(Function function) {
  try {
    function();
  } catch (const std::exception& e) {
    return e.what();
  }
  return "none";
}

}  // namespace test
