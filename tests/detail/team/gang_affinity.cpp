// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Threads of teams that the system wakes on their caller's CPU are steered to others, on systems that are played.
#include <algorithm>
#include <parloop/detail/team/gang_affinity.hpp>
#include <vector>

#include "../../catch.hpp"
#include "../../played_affinity.hpp"

#if defined(__linux__)

namespace {

using test::cpus;
using test::played;

constexpr int caller = 1;

void as(int thread) { played::thread = thread; }

/// A caller on CPU 0 and the threads of a team, 10, 11, ..., which may use all CPUs.
class team {
 public:
  team(int cpu_count, int threads) : threads_(static_cast<std::size_t>(threads)) {
    played::misplaced.store(0, parloop::detail::memory_order_relaxed);
    played::cpu.clear();
    played::may_use.clear();
    for (int c = 0; c < cpu_count; ++c) all.push_back(c);
    played::may_use[caller] = all;
    played::cpu[caller] = 0;
    for (std::size_t i = 0; i < threads_.size(); ++i) {
      played::may_use[id(i)] = all;
      as(id(i));
      threads_[i].begin();
    }
    played::calls = 0;
  }

  static int id(std::size_t thread) { return 10 + static_cast<int>(thread); }

  void sleep(std::size_t thread, int on_cpu) {
    as(id(thread));
    played::cpu[id(thread)] = on_cpu;
    threads_[thread].before_sleep();
  }

  /// What the caller does before it wakes all.
  void prepare() {
    as(caller);
    parloop::detail::basic_taken_cpus<played> taken(threads_.size() >= all.size());
    for (auto& t : threads_) t.before_wake(taken);
  }

  /// The caller wakes all. On this system each runs on the caller's CPU if it may, else where it slept, else on the
  /// first that it may use.
  void wake_at_the_caller() {
    prepare();
    for (std::size_t i = 0; i < threads_.size(); ++i) run(i, played::cpu[caller]);
  }

  void run(std::size_t thread, int wanted) {
    const cpus& may = played::may_use[id(thread)];
    const auto allowed = [&](int cpu) { return std::find(may.begin(), may.end(), cpu) != may.end(); };
    if (allowed(wanted)) {
      played::cpu[id(thread)] = wanted;
    } else if (!allowed(played::cpu[id(thread)])) {
      played::cpu[id(thread)] = may.front();
    }
    as(id(thread));
    threads_[thread].after_wakeup();
  }

  [[nodiscard]] bool on_cpus_of_their_own() const {
    std::vector<int> used{played::cpu[caller]};
    for (std::size_t i = 0; i < threads_.size(); ++i) used.push_back(played::cpu[id(i)]);
    std::sort(used.begin(), used.end());
    return std::adjacent_find(used.begin(), used.end()) == used.end();
  }

  cpus all;

 private:
  std::vector<parloop::detail::basic_gang_affinity<played>> threads_;
};

int misplaced() { return played::misplaced.load(parloop::detail::memory_order_relaxed); }

}  // namespace

TEST_CASE("threads that wake elsewhere are left alone") {
  team t(4, 2);
  for (int round = 0; round < 10; ++round) {
    t.sleep(0, 1);
    t.sleep(1, 2);
    t.prepare();
    t.run(0, 1);
    t.run(1, 2);
  }
  CHECK(misplaced() == 0);
  CHECK(played::calls == 0);
}

TEST_CASE("threads that wake on their caller's CPU are steered to CPUs of their own from then on") {
  team t(4, 3);
  for (int round = 0; round < 5; ++round) {
    for (std::size_t i = 0; i < 3; ++i) t.sleep(i, static_cast<int>(i) + 1);
    t.wake_at_the_caller();
    if (round == 0) CHECK(misplaced() == 3);
    if (round > 0) CHECK(t.on_cpus_of_their_own());
  }
  CHECK(misplaced() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(played::may_use[team::id(i)] == t.all);  // awake they may run anywhere
}

TEST_CASE("one that slept where its caller is now goes elsewhere, and two that slept on one CPU part") {
  team t(4, 2);
  t.sleep(0, 1);
  t.sleep(1, 2);
  t.wake_at_the_caller();
  REQUIRE(misplaced() == 2);
  t.sleep(0, 0);
  t.sleep(1, 0);
  t.wake_at_the_caller();
  CHECK(t.on_cpus_of_their_own());
  t.sleep(0, 3);
  t.sleep(1, 3);
  t.wake_at_the_caller();
  CHECK(t.on_cpus_of_their_own());
}

TEST_CASE("once is no proof") {
  team t(2, 1);
  t.sleep(0, 1);
  t.wake_at_the_caller();
  CHECK(misplaced() == 1);
  const int before = played::calls;
  t.sleep(0, 1);
  t.wake_at_the_caller();
  CHECK(played::calls == before);
  t.sleep(0, 1);
  t.wake_at_the_caller();
  CHECK(played::calls > before);
  CHECK(t.on_cpus_of_their_own());
}

TEST_CASE("threads that have to share CPUs are left to the system, also where others have been misplaced") {
  team t(2, 3);
  const auto wake_all = [&t] {
    for (std::size_t i = 0; i < 3; ++i) t.sleep(i, 1);
    t.wake_at_the_caller();
  };
  for (int round = 0; round < 5; ++round) wake_all();
  CHECK(misplaced() == 0);
  played::misplaced.store(2, parloop::detail::memory_order_relaxed);
  wake_all();
  CHECK(misplaced() == 2);
  CHECK(played::calls == 0);
}

TEST_CASE("a mask that somebody else changes meanwhile is left as it is") {
  team t(4, 1);
  for (int round = 0; round < 2; ++round) {
    t.sleep(0, 1);
    t.wake_at_the_caller();
  }
  REQUIRE(misplaced() == 2);
  t.sleep(0, 1);
  t.prepare();
  played::may_use[team::id(0)] = {2};
  t.run(0, 2);
  CHECK(played::may_use[team::id(0)] == cpus{2});
}

#endif
