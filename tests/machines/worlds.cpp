// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Random programs on random computers, beside the serial answer. Arguments: how many worlds, the first one's seed, and
/// "first" to stop at the first that fails. A world that fails prints its seed and what happened, and "1 SEED" replays
/// it.
///
/// Looked for in each: every iteration once, or as many as a stopped loop says; sums with the bits of the serial ones;
/// the exception that was thrown, and no other; no hang; help for a long loop where there are CPUs; threads that end
/// with their pool; after the last loop no more CPU time than the idle policy allows.
#include <sys/time.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <parloop/backend/serial.hpp>
#include <parloop/backend/workqueue.hpp>
#include <parloop/parloop.hpp>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "fresh_process.hpp"
#include "machine.hpp"

namespace {

namespace pl = parloop;
using machines::nanoseconds;
using machines::profile;
using pl::index_t;

/// Random choices from a seed. Each thread of a world has its own.
class chooser {
 public:
  explicit chooser(std::uint64_t seed) : random_(seed) {}
  /// In [least, most].
  int in(int least, int most) {
    return least + static_cast<int>(random_() % static_cast<std::uint64_t>(most - least + 1));
  }
  bool one_in(int n) { return in(1, n) == 1; }
  /// Between 1 and `most`, small ones as likely as large ones.
  double size(double most) { return std::pow(most, static_cast<double>(random_() >> 11) * 0x1p-53); }
  std::uint64_t seed() { return random_(); }

 private:
  std::mt19937_64 random_;
};

profile random_computer(chooser& choose) {
  profile p;
  p.name = "random";
  p.nodes = choose.one_in(4) ? 2 : 1;
  p.cores_per_node = choose.one_in(4) ? 1 : static_cast<int>(choose.size(16));
  p.smt = choose.one_in(4) ? 2 : 1;
  p.slow_cores = choose.one_in(4) ? p.cores() / 2 : 0;
  p.line_node = static_cast<nanoseconds>(10 * choose.size(20));
  p.line_far = p.line_node * choose.in(1, 4);
  p.clock_skew = choose.one_in(3) ? static_cast<nanoseconds>(choose.size(10'000)) : 0;
  p.clock_resolution = choose.one_in(4) ? 100 : 1;
  p.where = choose.one_in(2) ? machines::placement::where_it_slept : machines::placement::idle_first;
  p.wake_affine = choose.one_in(3) ? 0.5 : 0;
  p.wake_preempts = 0.25 * choose.in(0, 4);
  const double slow = 0.5 * choose.size(20);
  p.wake = {{20'000, static_cast<nanoseconds>(1'500 * slow), static_cast<nanoseconds>(5'000 * slow)},
            {20'000'000, static_cast<nanoseconds>(4'000 * slow), static_cast<nanoseconds>(50'000 * slow)}};
  p.wake_jitter = 0.1 * choose.in(0, 8);
  p.timer_resolution = choose.one_in(5) ? 15'625'000 : 1;
  p.tells_cpu = !choose.one_in(5);
  p.time_slice = 1'000'000 * choose.in(1, 5);
  if (choose.one_in(3)) p.balance_period = 200'000'000;
  if (choose.one_in(4)) p.start_fails = 0.25 * choose.in(1, 4);
  if (choose.one_in(5)) p.most_threads = choose.in(1, 12);
  if (choose.one_in(4)) p.steal_share = 0.1 * choose.in(1, 4);
  return p;
}

pl::idle_policy random_policy(chooser& choose) {
  const auto time = std::chrono::nanoseconds(static_cast<nanoseconds>(choose.size(1e7)));
  switch (choose.in(0, 5)) {
    case 0:
      return pl::idle::spin();
    case 1:
      return pl::idle::park();
    case 2:
      return pl::idle::release(time);
    case 3:
      return pl::idle::release();
    case 4:
      return pl::idle::adaptive(time);
    default:
      return pl::idle::adaptive();
  }
}

struct wrong : std::runtime_error {
  using std::runtime_error::runtime_error;
};
void expect(bool good, const std::string& what) {
  if (!good) throw wrong(what);
}

/// A body's time is a function of the iteration: all alike, rising, or a few that take long.
struct pattern {
  double each;
  int kind;
  [[nodiscard]] double operator()(index_t i, index_t n) const {
    if (kind == 0) return each;
    if (kind == 1) return 2 * each * static_cast<double>(i) / static_cast<double>(n);
    return i % 37 == 5 ? 20 * each : 0.5 * each;
  }
};

double value(index_t i) { return 1.0 / static_cast<double>(3 * i + 1) - 0.1 * static_cast<double>(i % 7); }

/// Asks to stop at a time.
struct alarm {
  nanoseconds when;
  [[nodiscard]] bool stop_requested() const noexcept { return machines::now() >= when; }
};

/// One caller's loops.
class program {
 public:
  program(pl::backend& b, pl::detail::team_backend* pool, std::uint64_t seed) : b_(b), pool_(pool), choose_(seed) {}

  void run(int steps) {
    for (int i = 0; i < steps; ++i) step();
  }

 private:
  void step() {
    switch (choose_.in(0, 9)) {
      case 0:
        return machines::sleep(static_cast<nanoseconds>(choose_.size(1e7)));
      case 1:
        return machines::work(choose_.size(1e5));
      case 2:
        if (pool_ != nullptr) pool_->set_idle(random_policy(choose_));
        return;
      case 3:
        return nested();
      case 4:
        return sum();
      case 5:
        return throws();
      case 6:
        return stopped();
      default:
        return series();
    }
  }

  void pick() {
    n_ = choose_.one_in(10) ? 0 : static_cast<index_t>(choose_.size(2000));
    time_ = {choose_.size(1e6) / static_cast<double>(std::max<index_t>(n_, 1)), choose_.in(0, 2)};
    grain_ = choose_.one_in(3) ? static_cast<index_t>(choose_.size(100)) : 0;
    threads_ = choose_.one_in(4) ? choose_.in(1, 8) : 0;
    ran_.assign(static_cast<std::size_t>(n_), 0);
  }
  [[nodiscard]] auto range() const {
    auto r = pl::prange(n_);
    if (grain_ > 0) r = r.grain(grain_);
    if (threads_ > 0) r = r.threads(threads_);
    return r;
  }
  void iteration(index_t i) {
    machines::work(time_(i, n_));
    ++ran_[static_cast<std::size_t>(i)];
  }
  void each_ran(int times, const char* what) const {
    expect(std::all_of(ran_.begin(), ran_.end(), [&](int r) { return r == times; }), what);
  }

  void series() {
    pick();
    const int loops = choose_.in(1, 12);
    const double pause = choose_.one_in(2) ? 0 : choose_.size(1e5);
    for (int i = 0; i < loops; ++i) {
      pl::parallel_for(b_, range(), [&](index_t k) { iteration(k); });
      machines::work(pause);
    }
    each_ran(loops, "an iteration did not run once");
  }

  void nested() {
    pick();
    n_ = std::min<index_t>(n_, 20);
    const index_t inner = static_cast<index_t>(choose_.size(60));
    std::vector<int> ran(static_cast<std::size_t>(n_ * inner));
    pl::parallel_for(b_, range(), [&](index_t i) {
      pl::parallel_for(b_, pl::prange(inner), [&](index_t k) {
        machines::work(time_(k, inner) / static_cast<double>(inner));
        ++ran[static_cast<std::size_t>(i * inner + k)];
      });
    });
    expect(std::all_of(ran.begin(), ran.end(), [](int r) { return r == 1; }), "a nested iteration did not run once");
  }

  void sum() {
    pick();
    pl::serial alone;
    const double right = pl::parallel_sum(alone, range(), [](index_t i) { return value(i); });
    const double got = pl::parallel_sum(b_, range(), [&](index_t i) {
      iteration(i);
      return value(i);
    });
    expect(got == right, "a sum has other bits");
    each_ran(1, "an iteration of a sum did not run once");
  }

  void throws() {
    pick();
    if (n_ == 0) return;
    const index_t bad = choose_.in(0, static_cast<int>(n_) - 1);
    bool caught = false;
    try {
      pl::parallel_for(b_, range(), [&](index_t i) {
        iteration(i);
        if (i == bad) throw std::out_of_range(std::to_string(i));
      });
    } catch (const std::out_of_range& e) {
      caught = e.what() == std::to_string(bad);
    }
    expect(caught, "an exception was lost");
    expect(std::all_of(ran_.begin(), ran_.end(), [](int r) { return r <= 1; }), "an iteration ran twice");
    expect(ran_[static_cast<std::size_t>(bad)] == 1, "the iteration that threw did not run");
  }

  void stopped() {
    pick();
    const alarm at{machines::now() + static_cast<nanoseconds>(choose_.size(1e6))};
    const pl::loop_result r = pl::parallel_for(b_, range().stop(at), [&](index_t i) { iteration(i); });
    expect(r.total == n_ && r.ran == std::count(ran_.begin(), ran_.end(), 1), "a stopped loop counted wrong");
    expect(r.ran + std::count(ran_.begin(), ran_.end(), 0) == n_, "an iteration ran twice");
  }

  pl::backend& b_;
  pl::detail::team_backend* pool_;
  chooser choose_;
  index_t n_ = 0;
  index_t grain_ = 0;
  int threads_ = 0;
  pattern time_{};
  std::vector<int> ran_;
};

/// A loop of 80 ms is helped where nothing stands in the way: the last of `tries`. As it takes two workers beside their
/// caller until the next are steered elsewhere, and those may come late, two that were not helped may follow.
void long_loops(pl::backend& b, int tries) {
  constexpr int n = 160;
  constexpr nanoseconds helped = 70'000'000;
  nanoseconds took = 0;
  for (int i = 0; i < tries || (took >= helped && i < tries + 2); ++i) {
    machines::sleep(1'000'000);
    const nanoseconds begin = machines::now();
    pl::parallel_for(b, pl::prange(n), [](index_t) { machines::work(500'000); });
    took = machines::now() - begin;
  }
  expect(took < helped, "a loop of 80 ms was not helped: " + std::to_string(took));
}

/// Workers that spin for ever leave their caller its CPU, if it stays where it was when it called its last loop.
void beside_spinners(pl::backend& b, pl::detail::team_backend& pool) {
  pool.set_idle(pl::idle::spin());
  constexpr nanoseconds length = 10'000'000;
  nanoseconds least = 10 * length;
  for (int i = 0; i < 3; ++i) {
    machines::sleep(100'000);
    pl::parallel_for(b, pl::prange(50), [](index_t) { machines::work(20'000); });
    const nanoseconds begin = machines::now();
    machines::work(length);
    least = std::min(least, machines::now() - begin);
  }
  expect(least < length + length / 3, "a worker spun on its caller's CPU: " + std::to_string(least));
}

void world(const profile& p, chooser& choose) {
  const int width = choose.one_in(6) ? choose.in(1, 3) : 1 + static_cast<int>(choose.size(2.0 * p.cpus()));
  const pl::idle_policy policy = random_policy(choose);
  std::unique_ptr<pl::backend> b;
  pl::detail::team_backend* pool = nullptr;
  const int kind = choose.in(0, 6);
  if (kind < 3) {
    b.reset(pool = new pl::thread_pool({.threads = width, .idle = policy}));
  } else if (kind < 6) {
    b.reset(pool = new pl::work_stealing({.threads = width, .idle = policy}));
  } else {
    b = std::make_unique<pl::workqueue>(pl::workqueue_options{.threads = width});
  }
  const int callers = choose.one_in(8) ? choose.in(1, 24) : choose.in(1, 3);
  std::vector<machines::thread*> others;
  std::string first_wrong;
  const auto call = [&](std::uint64_t seed, int steps) {
    try {
      program(*b, pool, seed).run(steps);
    } catch (const wrong& e) {
      if (first_wrong.empty()) first_wrong = e.what();
    }
  };
  for (int i = 1; i < callers; ++i) {
    others.push_back(machines::spawn([&call, seed = choose.seed(), steps = choose.in(1, 8)] { call(seed, steps); }));
  }
  call(choose.seed(), choose.in(1, 10));
  for (machines::thread* t : others) machines::join(t);
  expect(first_wrong.empty(), first_wrong);
  const bool undisturbed = p.start_fails == 0 && p.most_threads > 1000 && p.steal_share == 0 && p.slow_cores == 0;
  const bool steerable = p.tells_cpu || p.balance_period < 10'000'000;  // else who is put beside another stays there
  if (pool != nullptr && choose.one_in(4)) pool->set_idle(pl::idle::spin());
  if (undisturbed && steerable && p.cores() > 1 && b->width() > 1)
    long_loops(*b, p.balance_period < 10'000'000 ? 1 : 4);
  if (undisturbed && p.tells_cpu && p.smt == 1 && pool != nullptr && width <= 4 && choose.one_in(3))
    beside_spinners(*b, *pool);
  if (pool != nullptr && p.timer_resolution == 1) {
    pool->set_idle(pl::idle::adaptive(std::chrono::microseconds(100)));
    pl::parallel_for(*b, pl::prange(50), [](index_t) { machines::work(20'000); });
    const nanoseconds before = machines::burnt();
    machines::sleep(500'000'000);
    const nanoseconds burnt = machines::burnt() - before;
    expect(pool->workers() == machines::threads() - 1, "the pool counts " + std::to_string(pool->workers()) + " of " +
                                                           std::to_string(machines::threads() - 1) + " threads");
    // Each worker: to spin once, be put on a CPU and off again, and look twice.
    expect(burnt < b->width() * 400'000, "burnt after the last loop: " + std::to_string(burnt));
  }
  b.reset();
  machines::sleep(100'000'000);  // threads that nobody joins are on their last steps
  expect(machines::threads() == 1, "threads are left: " + std::to_string(machines::threads() - 1));
}

/// What was wrong in the world of this seed; empty: nothing.
std::string run_world(std::uint64_t seed) {
  // A thread that goes round without an event would take long to reach the end of time. In time of this process, as
  // others may stop it or take its CPU.
  const itimerval longest{{0, 0}, {30, 0}};
  ::setitimer(ITIMER_VIRTUAL, &longest, nullptr);
  chooser choose(seed);
  const profile p = random_computer(choose);
  std::string failure;
  const machines::outcome o = machines::run(p, choose.seed(), [&] {
    try {
      world(p, choose);
    } catch (const wrong& e) {
      failure = e.what();
    }
  });
  return o ? failure : o.failure;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? static_cast<std::size_t>(std::atof(argv[1])) : 1000;
  const std::uint64_t first = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  const std::size_t enough = argc > 3 ? 1 : 5;
  std::size_t bad = 0;
  machines::in_fresh_processes(
      count, 2, [&](std::size_t i) { return run_world(first + i); },
      [&](std::size_t i, const machines::child_result& r) {
        if (r.good && r.text.empty()) return true;
        std::printf("world %llu: %s\n", static_cast<unsigned long long>(first + i), r.text.c_str());
        return ++bad < enough;
      });
  std::printf("%zu worlds, %zu of them wrong\n", count, bad);
  return bad == 0 ? 0 : 1;
}
