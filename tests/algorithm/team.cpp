// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Teams: bodies that wait for each other, on every backend with every idle policy; what members share; exceptions.
#include <atomic>
#include <cmath>
#include <mutex>
#include <numeric>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "../every_backend.hpp"

namespace pl = parloop;
using pl::index_t;

namespace {

/// Calls test(backend, name) for every candidate that allows teams.
template <class Test>
void on_every_team(Test test) {
  for (const test::candidate& c : test::candidates) {
    const auto b = c.make(4);
    if (b->teams().most_members > 1) test(*b, std::string(c.name));
  }
}

/// Each member writes a round's number, and sees after the barrier that all others have; two barriers a round.
std::string rounds_together(pl::backend& b, int members, std::int64_t rounds) {
  conformance::verdict v;
  std::vector<std::int64_t> at(static_cast<std::size_t>(members), -1);
  std::atomic<int> came{0};
  pl::team(b, members, [&](pl::member& me) {
    came.fetch_add(1);
    v.expect(me.size() == members && me.number() >= 0 && me.number() < members, "wrong number or size");
    for (std::int64_t round = 0; round < rounds; ++round) {
      at[static_cast<std::size_t>(me.number())] = round;
      me.barrier();
      const auto other = static_cast<std::size_t>((me.number() + round) % members);
      if (at[other] != round) v.fail("round " + std::to_string(round) + ": a member is behind");
      me.barrier();
    }
  });
  v.expect(came == members, "not every member came");
  return v.text();
}

void count_runs(std::vector<std::atomic<int>>& runs, index_t i) { runs[static_cast<std::size_t>(i)].fetch_add(1); }

bool all_are(const std::vector<std::atomic<int>>& runs, int times) {
  for (const auto& r : runs) {
    if (r.load() != times) return false;
  }
  return true;
}

struct failure {
  int number;
};

}  // namespace

TEST_CASE("members wait for each other") {
  const test::watchdog guard(280, "members wait for each other");
  on_every_team([](pl::backend& b, const std::string& name) {
    for (const int members : {1, 2, 3, 4, 16, 64}) {
      INFO(name << ", " << members);
      const bool all = members <= 4 || test::factor() > 1;
      CHECK(rounds_together(b, members, test::rounds((all ? 10'000 : 1'000) / test::slowness)).empty());
    }
  });
}

TEST_CASE("members run at once, without any of the library's functions") {
  const test::watchdog guard(120, "members run at once");
  on_every_team([](pl::backend& b, const std::string& name) {
    INFO(name);
    for (int round = 0; round < 20; ++round) {
      std::atomic<int> came{0};
      pl::team(b, 4, [&](pl::member&) {
        came.fetch_add(1);
        came.notify_all();
        for (int seen = came.load(); seen < 4; seen = came.load()) came.wait(seen);
      });
      CHECK(came == 4);
    }
  });
}

TEST_CASE("a team's loops run every iteration once") {
  const test::watchdog guard(120, "a team's loops");
  pl::thread_pool pool({4, {}});
  for (const int members : {1, 2, 5}) {
    for (const index_t n : {0, 1, 2, 4, 5, 7, 64, 1000}) {
      for (const index_t grain : {0, 1, 3, 2000}) {
        INFO(members << " members, " << n << " iterations, grain " << grain);
        std::vector<std::atomic<int>> runs(static_cast<std::size_t>(n));
        std::atomic<index_t> in_chunks{0};
        std::atomic<bool> unaligned{false};
        pl::team(pool, members, [&](pl::member& me) {
          const auto range = pl::prange(n).grain(grain);
          const auto body = [&](index_t i) { count_runs(runs, i); };
          me.for_each(range, body);
          me.for_each(range, body, pl::nowait);
          me.for_each_dynamic(range, body);
          for (int i = 0; i < 9; ++i) me.for_each_dynamic(range, body, pl::nowait);  // more than members may be apart
          me.for_each_chunk(range, [&](index_t begin, index_t end) {
            in_chunks.fetch_add(end - begin);
            if (grain > 0 && (begin % grain != 0 || (end % grain != 0 && end != n))) unaligned = true;
          });
          me.for_each_chunk(
              range, [&](index_t begin, index_t end) { in_chunks.fetch_add(end - begin); }, pl::nowait);
        });
        CHECK(all_are(runs, 12));
        CHECK(in_chunks == 2 * n);
        CHECK(!unaligned);
      }
    }
  }
}

TEST_CASE("a team's loop ends when all of it has run") {
  const test::watchdog guard(120, "a team's loop ends");
  pl::thread_pool pool({4, {}});
  std::vector<double> a(1000, 1), b(1000, 0);
  bool right = true;
  std::mutex mutex;
  pl::team(pool, 4, [&](pl::member& me) {
    for (int step = 1; step <= 50; ++step) {
      me.for_each_dynamic(pl::prange(1000), [&](index_t i) {
        b[static_cast<std::size_t>(i)] = a[static_cast<std::size_t>(999 - i)] + 1;
      });
      me.for_each(pl::prange(1000),
                  [&](index_t i) { a[static_cast<std::size_t>(i)] = b[static_cast<std::size_t>(999 - i)] + 1; });
      const std::scoped_lock lock(mutex);
      right = right && a[static_cast<std::size_t>(step)] == 1 + 2 * step;
    }
  });
  CHECK(right);
}

TEST_CASE("loops over rows and columns, and steps") {
  pl::thread_pool pool({2, {}});
  std::vector<std::atomic<int>> runs(35);
  pl::team(pool, 3, [&](pl::member& me) {
    me.for_each(pl::grid(5, 7), [&](index_t y, index_t x) { count_runs(runs, 7 * y + x); });
    me.for_each_dynamic(pl::grid(5, 7), [&](index_t y, index_t x) { count_runs(runs, 7 * y + x); });
    me.for_each(pl::prange(34, -1, -1), [&](index_t i) { count_runs(runs, i); });
  });
  CHECK(all_are(runs, 3));
}

TEST_CASE("members combine values in the order of their numbers") {
  const test::watchdog guard(120, "members combine values");
  pl::thread_pool pool({4, {}});
  conformance::verdict v;
  pl::team(pool, 5, [&](pl::member& me) {
    for (int round = 0; round < 200; ++round) {
      const int sum = me.reduce(me.number() + round, [](int a, int b) { return a + b; });
      v.expect(sum == 10 + 5 * round, "a sum");
      const std::string text = me.reduce(std::string(1, static_cast<char>('a' + me.number())),
                                         [](std::string a, std::string b) { return a + b; });
      v.expect(text == "abcde", "texts in order");
      struct large {
        double values[32];
      };
      large mine{};
      mine.values[31] = me.number();
      const large most =
          me.reduce(mine, [](const large& a, const large& b) { return a.values[31] > b.values[31] ? a : b; });
      v.expect(most.values[31] == 4, "large values");
      const auto total = me.reduce(pl::prange(1, 101), 0L, std::plus<>(), [](index_t i) { return long(i); });
      v.expect(total == 5050, "a sum over a range");
      v.expect(me.reduce(pl::prange(0), 7L, std::plus<>(), [](index_t) { return 1L; }) == 35, "an empty range");
    }
  });
  CHECK(v.text().empty());
}

TEST_CASE("single runs once, and the others wait unless told not to") {
  const test::watchdog guard(120, "single");
  pl::thread_pool pool({4, {}});
  conformance::verdict v;
  int value = 0;
  std::atomic<int> free_runs{0};
  pl::team(pool, 4, [&](pl::member& me) {
    for (int round = 1; round <= 500; ++round) {
      me.single([&] { ++value; });
      v.expect(value == round, "not once, or not waited for");
      me.single([&] { free_runs.fetch_add(1); }, pl::nowait);
      me.barrier();
    }
  });
  CHECK(v.text().empty());
  CHECK(free_runs == 500);
}

TEST_CASE("the first exception is rethrown, and who waits for the thrower ends") {
  const test::watchdog guard(120, "exceptions of teams");
  on_every_team([](pl::backend& b, const std::string& name) {
    for (int thrower = 0; thrower < 4; ++thrower) {
      INFO(name << ", member " << thrower << " throws");
      std::atomic<int> ended{0};
      struct count_end {
        std::atomic<int>& ends;
        ~count_end() { ends.fetch_add(1); }
      };
      const auto failing = [&](auto step) {
        try {
          pl::team(b, 4, [&](pl::member& me) {
            const count_end end{ended};
            for (int round = 0; round < 3; ++round) {
              me.barrier();
              if (round == 1 && me.number() == thrower) throw failure{thrower};
              step(me);
            }
          });
        } catch (const failure& f) {
          return f.number == thrower;
        }
        return false;
      };
      CHECK(failing([](pl::member& me) { me.barrier(); }));
      CHECK(failing([](pl::member&) {}));
      CHECK(failing([](pl::member& me) { me.for_each(pl::prange(100), [](index_t) {}); }));
      CHECK(failing([](pl::member& me) {
        for (int i = 0; i < 20; ++i)
          me.for_each_dynamic(
              pl::prange(100), [](index_t) {}, pl::nowait);
      }));
      CHECK(failing([](pl::member& me) { (void)me.reduce(1, std::plus<>()); }));
      CHECK(failing([](pl::member& me) { me.single([] {}); }));
      CHECK(ended == 6 * 4);
      CHECK(rounds_together(b, 4, 10).empty());  // and the threads are good for another team
    }
  });
}

TEST_CASE("of several exceptions one is rethrown") {
  const test::watchdog guard(60, "several exceptions");
  pl::thread_pool pool({4, {}});
  for (int round = 0; round < 50; ++round) {
    CHECK_THROWS_AS(pl::team(pool, 4,
                             [](pl::member& me) {
                               me.barrier();
                               throw failure{me.number()};
                             }),
                    failure);
  }
}

TEST_CASE("a member that ends while others wait for it is told") {
  const test::watchdog guard(60, "a member ends early");
  pl::thread_pool pool({4, {}});
  for (int early = 0; early < 3; ++early) {
    CHECK_THROWS_AS(pl::team(pool, 3,
                             [early](pl::member& me) {
                               if (me.number() != early) me.barrier();
                             }),
                    std::logic_error);
  }
}

TEST_CASE("teams in teams, beside teams, in loops, and around loops") {
  const test::watchdog guard(240, "nested teams");
  on_every_team([](pl::backend& b, const std::string& name) {
    INFO(name);
    conformance::verdict v;
    pl::team(b, 3, [&](pl::member& outer) {
      std::atomic<int> inside{0};
      pl::team(b, 2, [&](pl::member& inner) {
        inside.fetch_add(1);
        inner.barrier();
        v.expect(inside == 2, "the inner team is not together");
      });
      outer.barrier();
      std::vector<int> runs(100, 0);
      pl::parallel_for(b, pl::prange(100), [&](index_t i) { ++runs[static_cast<std::size_t>(i)]; });
      v.expect(std::count(runs.begin(), runs.end(), 1) == 100, "a loop inside");
    });
    conformance::on_threads(4, [&](int k) {
      const std::string wrong = rounds_together(b, 2 + k % 3, 100);
      if (!wrong.empty()) v.fail(wrong);
    });
    pl::parallel_for(b, pl::prange(8).grain(1), [&](index_t) {
      const std::string wrong = rounds_together(b, 3, 5);
      if (!wrong.empty()) v.fail(wrong);
    });
    CHECK(v.text().empty());
  });
}

TEST_CASE("members have their caller's default backend") {
  pl::thread_pool pool({3, {}});
  const pl::scoped_backend scope(pool);
  std::atomic<int> same{0};
  pl::team(0, [&](pl::member& me) {
    if (&pl::default_backend() == &pool && me.size() == 3) same.fetch_add(1);
  });
  CHECK(same == 3);
}

TEST_CASE("what cannot be is refused before any body runs") {
  pl::serial alone;
  pl::thread_pool pool({2, {}});
  bool ran = false;
  const auto body = [&](pl::member&) { ran = true; };
  CHECK_THROWS_AS(pl::team(alone, 2, body), std::invalid_argument);
  CHECK_THROWS_AS(pl::team(pool, -1, body), std::invalid_argument);
  CHECK_THROWS_AS(pl::team(pool, 4097, body), std::invalid_argument);
  CHECK(!ran);
  pl::team(alone, 0, body);
  CHECK(ran);
  pl::team(alone, 1, [](pl::member& me) {
    me.barrier();
    CHECK(me.reduce(3, std::plus<>()) == 3);
  });
}

#if !defined(TEST_OPENMP) && !defined(TEST_TBB)
TEST_CASE("when teams have ended their threads sleep, and end where they are to be released") {
  const test::watchdog guard(120, "threads of teams sleep");
  pl::thread_pool pool({4, {}});
  pl::team(pool, 6, [](pl::member& me) { me.barrier(); });
  CHECK(test::becomes_true([] { return test::other_threads_sleep(); }));
  const auto before = test::worker_ids().size();
  pl::thread_pool passing({4, pl::idle::release()});
  pl::team(passing, 16, [](pl::member& me) { me.barrier(); });
  CHECK(test::becomes_true([&] { return test::worker_ids().size() <= before; }));
  CHECK(rounds_together(passing, 16, 10).empty());
}
#endif
