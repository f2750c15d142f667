// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Launched loops and functions, and groups of tasks, on every backend: each runs once, and who waits gets what it
/// returned or threw; when workers sleep or are none; forks, ends of pools.
#include <sys/wait.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "../every_backend.hpp"

namespace pl = parloop;
using pl::index_t;

namespace {

template <class Test>
void on_every_candidate(Test test) {
  for (const test::candidate& c : test::candidates) {
    for (const int width : {1, 4}) {
      const auto b = c.make(width);
      INFO(c.name << ", width " << width);
      test(*b);
    }
  }
}

struct failure {
  int number;
};

}  // namespace

TEST_CASE("a function that is launched runs once, and its result comes back") {
  const test::watchdog guard(110, "results of launched functions");
  on_every_candidate([](pl::backend& b) {
    for (int i = 0; i < test::rounds(200); ++i) {
      int runs = 0;
      auto number = pl::launch(b, [&] { return ++runs; });
      auto text = pl::launch(b, [i] { return std::to_string(i); });
      auto moved = pl::launch(b, [own = std::make_unique<int>(i)]() mutable { return std::move(own); });
      auto nothing = pl::launch(b, [] {});
      CHECK(text.wait() == std::to_string(i));
      CHECK(number.wait() == 1);
      CHECK(runs == 1);
      CHECK(*moved.wait() == i);
      nothing.wait();
      CHECK(!nothing.valid());
    }
  });
}

TEST_CASE("a loop that is launched runs every iteration once") {
  const test::watchdog guard(110, "launched loops");
  on_every_candidate([](pl::backend& b) {
    for (const index_t n : {0, 1, 2, 100, 5000}) {
      std::vector<std::atomic<int>> runs(static_cast<std::size_t>(n));
      auto loop = pl::launch(b, pl::prange(n).grain(1), [&](index_t i) { ++runs[static_cast<std::size_t>(i)]; });
      std::atomic<index_t> own{0};
      pl::parallel_for(b, pl::prange(n).grain(1), [&](index_t) { own.fetch_add(1); });
      loop.wait();
      CHECK(own == n);
      CHECK(std::all_of(runs.begin(), runs.end(), [](const auto& r) { return r == 1; }));
    }
  });
}

#if !defined(TEST_OPENMP) && !defined(TEST_TBB)
TEST_CASE("who waits for a launched loop helps with it, also when it was asleep") {
  const test::watchdog guard(60, "waiters help");
  std::uint64_t round = 0;
  for (const pl::idle_policy policy : {pl::idle::adaptive(), pl::idle::park()}) {
    pl::thread_pool pool({2, policy});
    conformance::eager eager(pool);
    for (const bool early : {false, true}) {
      std::atomic<bool> may_begin{!early};
      std::atomic<bool> begun{false};
      std::atomic<int> here{0};
      std::atomic<int> met{0};
      auto work = pl::launch(pool, [&] {
        begun = true;
        while (!may_begin) std::this_thread::yield();
        // A key of its own each time: a loop that is remembered as short is not shared, and its first iteration waits.
        pl::parallel_for(eager, pl::prange(2).grain(1).site(++round), [&](index_t) {
          here.fetch_add(1);
          if (test::becomes_true([&] { return here == 2; })) met.fetch_add(1);
        });
      });
      REQUIRE((pl::thread_pool().width() == 1 || test::becomes_true([&] { return begun.load(); })));
      std::jthread later([&] {
        test::let_pass(std::chrono::milliseconds(20));  // time to fall asleep
        may_begin = true;
      });
      work.wait();
      CHECK((pl::thread_pool().width() == 1 || met == 2));
    }
  }
}
#endif

TEST_CASE("a launched loop can be stopped") {
  pl::thread_pool pool({2, {}});
  std::atomic<index_t> ran{0};
  struct token {
    std::atomic<bool>* stopped;
    bool stop_requested() const { return *stopped; }
  };
  std::atomic<bool> stopped{false};
  auto loop = pl::launch(pool, pl::prange(1'000'000'000).stop(token{&stopped}), [&](index_t) {
    if (ran.fetch_add(1) == 1000) stopped = true;
  });
  const auto result = loop.wait();
  CHECK(!result.complete());
  CHECK(result.ran == ran);
}

TEST_CASE("work begins while its caller does something else, also when all workers sleep") {
  const test::watchdog guard(110, "work begins");
  on_every_candidate([](pl::backend& b) {
    if (b.width() == 1) return;
    for (int i = 0; i < 5; ++i) {
      std::atomic<bool> begun{false};
      auto work = pl::launch(b, [&] { begun = true; });
      CHECK((pl::thread_pool().width() == 1 || test::becomes_true([&] { return begun.load(); })));
      work.wait();
      test::let_pass(std::chrono::milliseconds(2));  // time to fall asleep
    }
  });
}

TEST_CASE("what work throws is rethrown by who waits") {
  const test::watchdog guard(60, "exceptions of launched work");
  on_every_candidate([](pl::backend& b) {
    auto work = pl::launch(b, []() -> int { throw failure{3}; });
    CHECK_THROWS_AS(work.wait(), failure);
    CHECK_THROWS_AS(work.wait(), std::logic_error);
    auto loop = pl::launch(b, pl::prange(100), [](index_t i) {
      if (i == 50) throw failure{50};
    });
    CHECK_THROWS_AS(loop.wait(), failure);
    pl::task_group group(b);
    for (int i = 0; i < 10; ++i) group.run([] { throw failure{1}; });
    CHECK_THROWS_AS(group.wait(), failure);
    std::atomic<int> ran{0};
    for (int i = 0; i < 10; ++i) group.run([&] { ran.fetch_add(1); });
    group.wait();
    CHECK(ran == 10);
  });
}

TEST_CASE("handles move, and wait when they go") {
  const test::watchdog guard(60, "handles");
  on_every_candidate([](pl::backend& b) {
    for (int i = 0; i < test::rounds(100); ++i) {
      std::atomic<int> ran{0};
      {
        auto first = pl::launch(b, [&] { ran.fetch_add(1); });
        auto second = pl::launch(b, [&] { ran.fetch_add(1); });
        first = std::move(second);
        CHECK(ran >= 1);
        CHECK(!second.valid());
        CHECK(first.valid());
      }
      CHECK(ran == 2);
      {
        const auto dropped = pl::launch(b, [&] { ran.fetch_add(1); });
      }
      CHECK(ran == 3);
    }
  });
}

TEST_CASE("a callback is called once, before wait returns, by whoever comes last") {
  const test::watchdog guard(110, "callbacks");
  on_every_candidate([](pl::backend& b) {
    for (int i = 0; i < test::rounds(300); ++i) {
      std::atomic<int> ran{0};
      std::atomic<int> calls{0};
      auto work = pl::launch(b, [&] { ran.fetch_add(1); });
      if (i % 3 == 0) test::busy_for(std::chrono::microseconds(i % 20));
      work.on_done([&] {
        if (ran == 1) calls.fetch_add(1);
        pl::launch_detached(b, [] {});  // no lock is held
      });
      work.wait();
      CHECK(calls == 1);
    }
  });
}

TEST_CASE("work on the default backend, and what it takes over") {
  pl::thread_pool pool({3, {}});
  const pl::scoped_backend scope(pool);
  auto here = pl::launch([] { return &pl::default_backend(); });
  CHECK(here.wait() == &pool);
  auto loop = pl::launch(pl::prange(10), [](index_t) {});
  loop.wait();
  pl::parallel_for(pl::prange(8).grain(1), [&](index_t) {
    auto inside = pl::launch([] { return pl::thread_number(); });
    if (inside.wait() != 0) throw std::logic_error("work has a loop's number");
  });
  pl::task_group group;
  std::atomic<int> ran{0};
  group.run([&] { ran.fetch_add(1); });
  group.wait();
  CHECK(ran == 1);
}

TEST_CASE("what is detached runs once, and its exceptions harm nobody") {
  const test::watchdog guard(110, "detached work");
  on_every_candidate([](pl::backend& b) {
    std::atomic<int> ran{0};
    const int count = static_cast<int>(test::rounds(500));
    for (int i = 0; i < count; ++i) pl::launch_detached(b, [&] { ran.fetch_add(1); });
    pl::launch(b, [&] { ran.fetch_add(1); }).detach();
    CHECK(test::becomes_true([&] { return ran == count + 1; }));
  });
}

TEST_CASE("work that is detached by work that is detached") {
  const test::watchdog guard(60, "detached by detached");
  on_every_candidate([](pl::backend& b) {
    struct again {
      pl::backend& b;
      std::atomic<int>& left;
      void operator()() const {
        if (left.fetch_sub(1) > 1) pl::launch_detached(b, *this);
      }
    };
    std::atomic<int> left{static_cast<int>(test::rounds(200'000))};  // deep, if they ran inside each other
    pl::launch_detached(b, again{b, left});
    CHECK(test::becomes_true([&] { return left == 0; }));
  });
}

TEST_CASE("tasks that launch tasks and wait for them, on any number of threads") {
  const test::watchdog guard(110, "nested tasks");
  on_every_candidate([](pl::backend& b) {
    struct tree {
      pl::backend& b;
      int operator()(int depth) const {
        if (depth == 0) return 1;
        auto left = pl::launch(b, [this, depth] { return (*this)(depth - 1); });
        const int right = (*this)(depth - 1);
        return left.wait() + right;
      }
    };
    CHECK(tree{b}(8) == 256);
    std::atomic<int> leaves{0};
    pl::task_group group(b);
    struct spread {
      pl::task_group& group;
      std::atomic<int>& leaves;
      void operator()(int depth) const {
        if (depth == 0) {
          leaves.fetch_add(1);
          return;
        }
        for (int i = 0; i < 4; ++i) group.run([*this, depth] { (*this)(depth - 1); });
      }
    };
    for (int round = 0; round < test::rounds(20); ++round) {
      group.run([&] { spread{group, leaves}(4); });
      group.wait();
      CHECK(leaves.exchange(0) == 256);
    }
  });
}

TEST_CASE("many tasks from many threads: none is lost, none runs twice, memory is flat") {
  const test::watchdog guard(240, "many tasks");
  const auto total = static_cast<int>(test::rounds(1'000'000));
  const int each = total / 8;
  for (const test::candidate& c : test::candidates) {
    const auto b = c.make(4);
    if (b->width() > 1 && std::string(c.name) != "thread_pool adaptive" && std::string(c.name) != "thread_pool park" &&
        test::slowness == 1) {
      continue;
    }
    INFO(c.name);
    std::vector<std::atomic<unsigned char>> runs(static_cast<std::size_t>(8 * each));
    std::atomic<long> alive{0};
    std::atomic<long> most{0};
    struct counted {  // what a task holds
      explicit counted(std::atomic<long>& a, std::atomic<long>& m) : alive(&a) {
        const long now = a.fetch_add(1) + 1;
        long seen = m.load();
        while (now > seen && !m.compare_exchange_weak(seen, now)) {
        }
      }
      counted(counted&& other) noexcept : alive(std::exchange(other.alive, nullptr)) {}
      ~counted() {
        if (alive != nullptr) alive->fetch_sub(1);
      }
      std::atomic<long>* alive;
    };
    conformance::on_threads(8, [&](int k) {
      pl::task_group group(*b);
      for (int i = 0; i < each; ++i) {
        auto* const run = &runs[static_cast<std::size_t>(k * each + i)];
        group.run([run, held = counted(alive, most)] { run->fetch_add(1); });
        if (i % 100 == 99) group.wait();
      }
      group.wait();
    });
    CHECK(std::all_of(runs.begin(), runs.end(), [](const auto& r) { return r == 1; }));
    CHECK(alive == 0);
    CHECK(most <= 8 * 100);
  }
}

TEST_CASE("loops, bursts and tasks at once") {
  const test::watchdog guard(110, "loops beside tasks");
  on_every_candidate([](pl::backend& b) {
    conformance::verdict v;
    conformance::on_threads(3, [&](int k) {
      for (int i = 0; i < test::rounds(100) / test::slowness + 1; ++i) {
        std::atomic<int> ran{0};
        pl::task_group group(b);
        for (int t = 0; t < 5; ++t) {
          group.run([&] { pl::parallel_for(b, pl::prange(20).grain(1), [&](index_t) { ran.fetch_add(1); }); });
        }
        if (k == 0) pl::parallel_for(b, pl::prange(50).grain(1), [&](index_t) { ran.fetch_add(2); });
        group.wait();
        v.expect(ran == (k == 0 ? 200 : 100), "not every iteration ran once");
      }
    });
    CHECK(v.text() == "");
  });
}

TEST_CASE("waiting inside a loop for work, with a lock that other work wants") {
  const test::watchdog guard(60, "a waiter runs nothing of others");
  pl::thread_pool pool({2, {}});
  std::mutex mutex;
  std::atomic<int> ran{0};
  pl::task_group others(pool);
  for (int i = 0; i < test::rounds(300); ++i) {
    others.run([&] {
      const std::scoped_lock lock(mutex);
      ran.fetch_add(1);
    });
    const std::scoped_lock lock(mutex);
    pl::launch(pool, [] {}).wait();
  }
  others.wait();
  CHECK(ran == test::rounds(300));
}

#if !defined(TEST_OPENMP) && !defined(TEST_TBB)
TEST_CASE("a pool that ends runs what was launched on it") {
  const test::watchdog guard(60, "a pool ends");
  for (int round = 0; round < test::rounds(50); ++round) {
    std::atomic<int> ran{0};
    {
      pl::thread_pool pool({3, round % 2 == 0 ? pl::idle::adaptive() : pl::idle::release()});
      for (int i = 0; i < 100; ++i) {
        pl::launch_detached(pool, [&] {
          ran.fetch_add(1);
          pl::launch_detached(pool, [&] { ran.fetch_add(1); });
        });
      }
    }
    CHECK(ran == 200);
  }
}

TEST_CASE("in a forked child work that nobody had begun runs in who waits, and new work runs") {
  const test::watchdog guard(60, "forks");
  pl::thread_pool pool({2, {}});
  std::atomic<bool> begun{false};
  std::atomic<bool> may_end{false};
  auto blocks = pl::launch(pool, [&] {  // the only worker
    begun = true;
    while (!may_end) std::this_thread::yield();
    return 1;
  });
  REQUIRE((pl::thread_pool().width() == 1 || test::becomes_true([&] { return begun.load(); })));
  auto waits = pl::launch(pool, [] { return 2; });
  const ::pid_t child = ::fork();
  if (child == 0) {
    bool good = waits.wait() == 2;
    if (begun) {
      try {
        blocks.wait();
        good = false;
      } catch (const std::logic_error&) {
      }
    }
    good = good && pl::launch(pool, [] { return 3; }).wait() == 3;
    pl::task_group group(pool);
    std::atomic<int> ran{0};
    for (int i = 0; i < 10; ++i) group.run([&] { ran.fetch_add(1); });
    group.wait();
    ::_exit(good && ran == 10 ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
  may_end = true;
  CHECK(blocks.wait() == 1);
  CHECK(waits.wait() == 2);
}

TEST_CASE("a process ends though detached work runs, or waits for a worker") {
  const test::watchdog guard(60, "exit");
  const ::pid_t child = ::fork();
  if (child == 0) {
    for (int i = 0; i < 8; ++i) {
      pl::launch_detached([caller = std::this_thread::get_id()] {
        while (std::this_thread::get_id() != caller) test::let_pass(std::chrono::milliseconds(1));
      });
    }
    std::exit(7);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 7);
}

TEST_CASE("when work has ended the workers sleep") {
  const test::watchdog guard(60, "silence after work");
  pl::thread_pool pool({2, {}});
  for (int i = 0; i < 10; ++i) pl::launch(pool, [] {}).wait();
  CHECK(test::becomes_true([] { return test::other_threads_sleep(); }));
}
#endif
