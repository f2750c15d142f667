// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What every plug's test asks: the same results, nested in loops, and silence afterwards.
#pragma once

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <parloop/parloop.hpp>
#include <thread>

#include "support.hpp"

namespace test {

inline void require(bool good, const char* what) {
  std::printf("%s: %s\n", good ? "good" : "BAD", what);
  if (!good) std::exit(1);
}

inline int threads_of_process() {
  // Beside a process's first thread the thread sanitizer starts one of its own, which is then in every count.
  if (under_tsan) [[maybe_unused]] static const bool begun = (std::thread([] {}).join(), true);
  int n = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) ++n;
  return n;
}

/// A pool that counts what runs on it: so that no test passes because the library has not been plugged in.
class counted_pool : public parloop::backend {
 public:
  explicit counted_pool(int threads) : pool_({.threads = threads}) { parloop::set_default_backend(*this); }
  ~counted_pool() override { parloop::reset_default_backend(); }
  counted_pool(const counted_pool&) = delete;
  counted_pool& operator=(const counted_pool&) = delete;

  [[nodiscard]] std::string_view name() const noexcept override { return "counted"; }
  [[nodiscard]] int width() const noexcept override { return pool_.width(); }
  [[nodiscard]] parloop::help_offered help() const noexcept override {
    ++asked_;
    return pool_.help();
  }
  void run(const parloop::loop& work) override { pool_.run(work); }
  [[nodiscard]] parloop::team_rules teams() const noexcept override {
    ++asked_;
    return pool_.teams();
  }
  [[nodiscard]] parloop::detail::team* own_team() noexcept override {
    ++asked_;
    return pool_.own_team();
  }

  /// How often a loop, a team or launched work has asked since the last call.
  [[nodiscard]] int asked() { return asked_.exchange(0); }

 private:
  parloop::thread_pool pool_;
  mutable std::atomic<int> asked_{0};
};

/// Runs work() and looks at what is burnt in the second after; the least of three, as on a virtual machine the clock
/// also counts what others were given.
template <class Work>
void require_silence(const Work& work) {
  double least = 1e9;
  for (int i = 0; i < 3; ++i) {
    work();
    const auto before = cpu_time();
    let_pass(std::chrono::seconds(1));
    const double burnt = std::chrono::duration<double, std::milli>(cpu_time() - before).count();
    if (burnt < least) least = burnt;
  }
  std::printf("%d threads, %.3f ms of CPU in the second after\n", threads_of_process(), least);
  require(least <= (under_sanitizer ? 5 : 0.5), "silence");
}

}  // namespace test
