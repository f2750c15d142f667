// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The simulated computer itself: its clock, CPUs and queues, cache lines, sleeping and waking; the same each time.
#include "machine.hpp"

#include <algorithm>
#include <catch.hpp>
#include <cstdint>
#include <memory>
#include <parloop/detail/base/atomic.hpp>
#include <parloop/parloop.hpp>
#include <stdexcept>
#include <vector>

#include "fresh_process.hpp"
#include "profiles.hpp"

namespace {

namespace pl = parloop;
using how = machines::access;
using machines::nanoseconds;
using machines::profile;
using machines::thread;

struct alignas(64) word {
  std::uint32_t value = 0;
};

profile plain(int cpus) {
  profile p;
  p.cores_per_node = cpus;
  p.wake_jitter = 0;
  return p;
}

nanoseconds time_of(const profile& p, const std::function<void()>& main, std::uint64_t seed = 1) {
  const machines::outcome o = machines::run(p, seed, main);
  INFO(o.failure);
  REQUIRE(o);
  return o.time;
}

/// How long `threads` take together that work for so long each.
nanoseconds time_together(const profile& p, int threads, double each) {
  nanoseconds took = 0;
  time_of(p, [&] {
    std::vector<thread*> others;
    const nanoseconds begin = machines::now();
    for (int i = 1; i < threads; ++i) others.push_back(machines::spawn([&] { machines::work(each); }));
    machines::work(each);
    for (thread* t : others) machines::join(t);
    took = machines::now() - begin;
  });
  return took;
}

}  // namespace

TEST_CASE("work takes its time, on one CPU in turns and on two at once") {
  CHECK(time_together(plain(1), 1, 1e6) == 1'000'000);
  CHECK(time_together(plain(2), 2, 1e7) < 10'100'000);
  CHECK(time_together(plain(1), 2, 1e7) > 20'000'000);
  CHECK(time_together(plain(1), 2, 1e7) < 20'100'000);
  const nanoseconds three = time_together(plain(2), 3, 2e7);  // an idle CPU takes who waits, at the next tick
  CHECK(three > 30'000'000);
  CHECK(three < 41'000'000);
}

TEST_CASE("a CPU's threads take turns of a time slice") {
  profile p = plain(1);
  p.wake_preempts = 0;
  std::vector<int> order;
  time_of(p, [&] {
    thread* const other = machines::spawn([&] {
      for (int i = 0; i < 10; ++i) {
        machines::work(1e6);
        order.push_back(1);
      }
    });
    for (int i = 0; i < 10; ++i) {
      machines::work(1e6);
      order.push_back(0);
    }
    machines::join(other);
  });
  int changes = 0;
  for (std::size_t i = 1; i < order.size(); ++i) changes += order[i] != order[i - 1] ? 1 : 0;
  CHECK(order.size() == 20);
  CHECK(changes >= 5);
  CHECK(changes <= 8);
}

TEST_CASE("slow cores, busy siblings and a host that steals make work longer") {
  profile p = plain(2);
  p.slow_cores = 2;
  CHECK(time_together(p, 1, 1e6) == 1'818'182);
  p = plain(1);
  p.smt = 2;
  CHECK(time_together(p, 1, 1e6) == 1'000'000);
  const nanoseconds two = time_together(p, 2, 1e7);
  CHECK(two > 16'000'000);
  CHECK(two < 16'300'000);
  p = plain(1);
  p.steal_share = 0.2;
  const nanoseconds stolen = time_together(p, 1, 2e9);
  CHECK(stolen > 2'300'000'000);
  CHECK(stolen < 2'700'000'000);
}

TEST_CASE("CPU time is what ran, not what slept") {
  time_of(plain(2), [] {
    thread* const other = machines::spawn([] { machines::work(3e6); });
    machines::sleep(10'000'000);
    machines::join(other);
    machines::work(1e6);
    CHECK(machines::burnt() > 4'000'000);
    CHECK(machines::burnt() < 4'100'000);
  });
}

TEST_CASE("a line costs who has not got it") {
  const profile p = plain(2);
  word w;
  const auto cost = [&](how a) {
    const nanoseconds begin = machines::now();
    machines::touch(&w, a);
    return machines::now() - begin;
  };
  nanoseconds first = 0;
  nanoseconds again = 0;
  nanoseconds store = 0;
  nanoseconds locked = 0;
  nanoseconds owned = 0;
  time_of(p, [&] {
    machines::touch(&w, how::exchange);
    thread* const other = machines::spawn([&] {
      first = cost(how::load);
      again = cost(how::load);
      store = cost(how::store);  // its line is on the way, but nobody waits for it
      machines::work(1000);
      owned = cost(how::exchange);
    });
    machines::join(other);
    locked = cost(how::exchange);
  });
  CHECK(first == p.line_node + p.operation);
  CHECK(again == p.operation);
  CHECK(store == p.operation);
  CHECK(owned == p.exchange);
  CHECK(locked == p.line_node + p.exchange);
}

TEST_CASE("a ping-pong's round trip is four transactions") {
  const profile p = plain(2);
  word w;
  constexpr std::uint32_t rounds = 1000;
  nanoseconds took = 0;
  time_of(p, [&] {
    const auto play = [&](std::uint32_t mine) {
      for (std::uint32_t i = mine; i < 2 * rounds; i += 2) {
        while (machines::touch(&w, how::load), w.value != i) machines::pause();
        machines::touch(&w, how::store);
        w.value = i + 1;
      }
    };
    thread* const other = machines::spawn([&] { play(1); });
    machines::work(50'000);  // until it is there
    const nanoseconds begin = machines::now();
    play(0);
    took = machines::now() - begin;
    machines::join(other);
  });
  const nanoseconds round = took / rounds;
  CHECK(round >= 4 * p.line_node);
  CHECK(round <= 4 * p.line_node + 2 * p.pause + 10);
}

TEST_CASE("exchanges of one line by many come one after the other") {
  constexpr int threads = 32;
  const profile p = plain(threads);
  word w;
  nanoseconds last = 0;
  time_of(p, [&] {
    std::vector<thread*> all;
    const nanoseconds begin = 2'000'000;
    for (int i = 1; i < threads; ++i) {
      all.push_back(machines::spawn([&] {
        machines::work(static_cast<double>(begin - machines::now()));
        machines::touch(&w, how::exchange);
        last = machines::now() - begin;
      }));
    }
    for (thread* t : all) machines::join(t);
  });
  CHECK(last > (threads - 3) * (p.line_node + p.line_kept));
  CHECK(last < threads * (p.line_node + p.line_kept + p.exchange));
}

TEST_CASE("who polls sees a write soon, however long it has polled") {
  const profile p = plain(2);
  word w;
  nanoseconds written = 0;
  nanoseconds seen = 0;
  std::uint64_t events = 0;
  time_of(p, [&] {
    thread* const other = machines::spawn([&] {
      while (machines::touch(&w, how::load), w.value == 0) machines::pause();
      seen = machines::now();
    });
    machines::work(1e7);
    machines::touch(&w, how::store);
    w.value = 1;
    written = machines::now();
    machines::join(other);
    events = machines::events();
  });
  CHECK(seen > written);
  CHECK(seen - written <= p.pause + 2 * p.line_node + 2 * p.operation);
  CHECK(events < 40'000);  // a quarter million pauses
}

TEST_CASE("a woken thread runs after what its CPU's rest makes of it, and its waker pays") {
  profile p = plain(2);
  p.wake = {{1'000, 2'000, 5'000}, {1'000'000, 2'000, 50'000}};
  for (const nanoseconds rest : {500'000, 2'000'000}) {
    word w;
    nanoseconds ran = 0;
    nanoseconds begin = 0;
    nanoseconds returned = 0;
    time_of(p, [&] {
      thread* const other = machines::spawn([&] {
        machines::futex_wait(&w.value, 0, -1);
        ran = machines::now();
      });
      machines::work(100'000.0 + static_cast<double>(rest));
      w.value = 1;
      begin = machines::now();
      machines::futex_wake(&w.value, 1);
      returned = machines::now();
      machines::join(other);
    });
    const nanoseconds latency = ran - begin;
    CHECK(latency > (rest > 1'000'000 ? 50'000 : 40'000));
    CHECK(latency < (rest > 1'000'000 ? 50'500 : 47'000));
    CHECK(returned - begin >= 2'000);
    CHECK(returned - begin < 2'600);
  }
}

TEST_CASE("the kernel puts a woken thread on an idle CPU, or where it slept") {
  const auto ran_on = [](machines::placement where) {
    profile p = plain(2);
    p.where = where;
    p.wake_preempts = 0;
    p.balance_period = 0;
    word w;
    int cpu = -1;
    time_of(p, [&] {
      cpu_set_t one;
      cpu_set_t both;
      REQUIRE(machines::get_affinity(0, both));
      CPU_ZERO(&one);
      CPU_SET(0, &one);
      thread* const other = machines::spawn([&] {
        machines::set_affinity(0, one);  // beside its waker
        machines::set_affinity(0, both);
        machines::futex_wait(&w.value, 0, -1);
        cpu = machines::current_cpu();
      });
      machines::sleep(1'000'000);
      machines::work(10'000'000);
      w.value = 1;
      machines::futex_wake(&w.value, 1);
      machines::work(1'000'000);
      machines::join(other);
    });
    return cpu;
  };
  CHECK(ran_on(machines::placement::idle_first) == 1);
  CHECK(ran_on(machines::placement::where_it_slept) == 0);
}

TEST_CASE("timed waits end late, at a multiple of the timer's resolution") {
  profile p = plain(1);
  p.timer_slack = 0;
  p.timer_resolution = 15'625'000;
  p.wake = {{1'000, 1'000, 1'000}};
  time_of(p, [] {
    machines::sleep(1'000'000);
    CHECK(machines::now() >= 15'625'000);
    CHECK(machines::now() < 15'630'000);
    word w;
    machines::futex_wait(&w.value, 0, 16'000'000);
    CHECK(machines::now() >= 46'875'000);
    CHECK(machines::now() < 46'880'000);
  });
}

TEST_CASE("a hang is found, and who waits is named") {
  word w;
  w.value = 17;
  const auto report = machines::in_fresh_process([&] {
    const machines::outcome o = machines::run(plain(2), 1, [&] {
      thread* const other = machines::spawn([&] { machines::futex_wait(&w.value, 17, -1); });
      machines::join(other);
    });
    return o.failure + "\n" + std::to_string(o.time);
  });
  INFO(report.text);
  CHECK(report.good);
  CHECK(report.text.find("a hang:") == 0);
  CHECK(report.text.find("thread 2 sleeps, CPU 1, on a word that is 0x11") != std::string::npos);
  CHECK(report.text.find("thread 1 sleeps, CPU 0, until another has ended") != std::string::npos);
  const auto endless = machines::in_fresh_process([&] {
    return machines::run(
               plain(2), 1,
               [] {
                 while (true) machines::pause();
               },
               1'000'000)
        .failure;
  });
  CHECK(endless.text.find("it does not end:") == 0);
}

TEST_CASE("threads are not to be had beyond the limit") {
  profile p = plain(2);
  p.most_threads = 2;
  time_of(p, [] {
    static int ran = 0;
    ran = 0;
    const auto function = [](void*) noexcept {
      ++ran;
      machines::work(1e6);
    };
    thread* const first = machines::start(function, nullptr);
    CHECK(first != nullptr);
    CHECK(machines::start(function, nullptr) == nullptr);
    machines::join(first);
    thread* const second = machines::start(function, nullptr);
    CHECK(second != nullptr);
    machines::join(second);
    CHECK(ran == 2);
  });
}

TEST_CASE("exceptions that are being handled belong to their thread") {
  std::string seen[2];
  time_of(plain(1), [&] {
    const auto handle = [&](int number) {
      try {
        throw std::runtime_error(std::to_string(number));
      } catch (...) {
        machines::work(5e6);  // the other one handles its own meanwhile
        try {
          throw;
        } catch (const std::runtime_error& e) {
          machines::work(5e6);
          seen[number] = e.what();
        }
      }
    };
    thread* const other = machines::spawn([&] { handle(1); });
    handle(0);
    machines::join(other);
  });
  CHECK(seen[0] == "0");
  CHECK(seen[1] == "1");
}

TEST_CASE("what is thread_local belongs to its thread") {
  static machines::fibre_local<int> number;
  int seen[2] = {};
  time_of(plain(1), [&] {
    const auto use = [&](int mine) {
      number = mine;
      machines::work(5e6);
      seen[mine] = number;
    };
    thread* const other = machines::spawn([&] { use(1); });
    use(0);
    machines::join(other);
  });
  CHECK(seen[0] == 0);
  CHECK(seen[1] == 1);
}

TEST_CASE("the same seed is the same run, in any process; another is another") {
  const auto run = [](std::uint64_t seed) {
    return machines::in_fresh_process([seed] {
      profile p = plain(8);
      p.wake_jitter = 0.2;
      p.steal_share = 0.1;
      std::uint64_t events = 0;
      const auto o = machines::run(p, seed, [&] {
        pl::thread_pool pool;
        for (int i = 0; i < 50; ++i) {
          pl::parallel_for(pool, pl::prange(200), [](pl::index_t) { machines::work(500); });
          machines::sleep(100'000);
        }
        events = machines::events();
      });
      return o.failure + std::to_string(o.time) + " ns, " + std::to_string(events) + " events";
    });
  };
  const auto first = run(1);
  REQUIRE(first.good);
  const std::unique_ptr<char[]> elsewhere(new char[100'000]);  // moves what is allocated next
  CHECK(run(1).text == first.text);
  CHECK(run(2).text != first.text);
}

TEST_CASE("a loop of the library is shared, each iteration once") {
  constexpr pl::index_t n = 10'000;
  std::vector<int> ran(n);
  nanoseconds took = 0;
  time_of(plain(4), [&] {
    pl::thread_pool pool;
    CHECK(pool.width() == 4);
    const auto body = [&](pl::index_t i) {
      machines::work(1000);
      ++ran[static_cast<std::size_t>(i)];
    };
    pl::parallel_for(pool, pl::prange(n), body);
    const nanoseconds begin = machines::now();
    pl::parallel_for(pool, pl::prange(n), body);
    took = machines::now() - begin;
  });
  CHECK(std::count(ran.begin(), ran.end(), 2) == n);
  CHECK(took < 2'700'000);  // 10 ms in all
}

TEST_CASE("a thread that ends lets the one run that has yet to note its start") {
  profile p = plain(2);
  p.where = machines::placement::where_it_slept;
  p.wake_affine = 1;  // a new thread is put on the CPU of who starts it,
  p.wake_preempts = 1;  // and takes it at once
  p.balance_period = 1'000'000'000;
  p.tells_cpu = false;  // else it would be steered away
  nanoseconds used = 0;
  time_of(p, [&] {
    pl::thread_pool pool({.threads = 2, .idle = pl::idle::release(std::chrono::nanoseconds(0))});
    const nanoseconds before = machines::burnt();
    for (int i = 0; i < 20; ++i) {
      pl::parallel_for(pool, pl::prange(50), [](pl::index_t) { machines::work(20'000); });
      machines::sleep(1'000'000);
    }
    used = machines::burnt() - before;
  });
  CHECK(used < 20 * 1'300'000);  // 1 ms of work in each loop; a time slice is 3 ms
}

TEST_CASE("a worker that spins for ever leaves the CPU of its caller for one that is free") {
  profile p = plain(2);
  p.where = machines::placement::where_it_slept;
  p.wake_affine = 1;  // it is put on its caller's CPU,
  p.balance_period = 1'000'000'000;  // and stays there
  nanoseconds took = 0;
  time_of(p, [&] {
    pl::thread_pool pool({.threads = 2, .idle = pl::idle::spin()});
    for (int i = 0; i < 3; ++i) {
      machines::sleep(1'000'000);
      const nanoseconds begin = machines::now();
      pl::parallel_for(pool, pl::prange(50), [](pl::index_t) { machines::work(200'000); });
      took = machines::now() - begin;
    }
  });
  CHECK(took < 6'000'000);  // 10 ms in all
}

TEST_CASE("255 workers come to a loop in the time of a few") {
  std::vector<profile> all = machines::all_profiles();
  std::erase_if(all, [](const profile& p) { return p.cpus() < 256; });
  REQUIRE(all.size() == 1);
  std::vector<nanoseconds> begun;
  time_of(all.front(), [&] {
    pl::thread_pool pool;
    constexpr nanoseconds not_yet = -1;
    for (int round = 0; round < 6; ++round) {  // in the last all threads exist and are awake
      begun.assign(256, not_yet);
      const nanoseconds begin = machines::now();
      pl::parallel_for(pool, pl::prange(4096), [&](pl::index_t) {
        nanoseconds& mine = begun[static_cast<std::size_t>(pl::thread_number())];
        if (mine == not_yet) mine = machines::now() - begin;
        machines::work(5000);
      });
    }
  });
  std::sort(begun.begin(), begun.end());
  CHECK(begun.front() >= 0);
  CHECK(begun.back() < 10'000);  // by one word the last came after 50 us
}

TEST_CASE("no more workers are woken than a loop is shared by") {
  nanoseconds used = 0;
  nanoseconds took = 0;
  time_of(plain(64), [&] {
    pl::thread_pool pool;
    pl::parallel_for(pool, pl::prange(64), [](pl::index_t) { machines::work(1'000'000); });  // all threads exist
    for (int frame = 0; frame < 10; ++frame) {
      machines::sleep(2'000'000);
      const nanoseconds burnt_before = machines::burnt();
      const nanoseconds begin = machines::now();
      for (int i = 0; i < 20; ++i) {
        pl::parallel_for(pool, pl::prange(64), [](pl::index_t) { machines::work(300); });
        machines::work(5000);
      }
      used = machines::burnt() - burnt_before;
      took = machines::now() - begin;
    }
  });
  CHECK(took < 20 * (19'000 + 5000));  // they are shared
  CHECK(used < 10 * took);             // of 64 CPUs; 20 us of work pay for seven helpers
}
