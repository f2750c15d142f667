// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What a loop on a team is cut into, seen from its caller. All doors of the team are taken, so nobody comes, and the
/// caller runs first its own share and then what it takes from the others, always in the same order.
#include <limits>
#include <memory>
#include <parloop/detail/team/team_loop.hpp>
#include <vector>

#include "../../catch.hpp"
#include "../../support.hpp"

namespace d = parloop::detail;
using parloop::index_t;
using namespace std::chrono_literals;

namespace {

struct noted_loop {
  index_t next = 0;
  index_t share = -1;  // the end of the caller's
  index_t ran = 0;
};

/// How many iterations are the caller's share of a loop of 200, which could be shared by `wanted` threads and is said
/// to take `iteration` each, on a team of 8 threads on `cpus` CPUs.
index_t callers_share(int wanted, parloop::fractional_nanoseconds iteration, int cpus = 8) {
  d::team t(7, parloop::idle::park(), cpus);
  std::vector<std::unique_ptr<d::team::fork_join>> others;
  for (int i = 0; i < d::job_slots::doors; ++i) {
    others.push_back(std::make_unique<d::team::fork_join>(t, 0));
    others.back()->open({[](void*, int) noexcept {}, nullptr, nullptr}, 0, 0ns);
  }
  REQUIRE(t.is_full());
  noted_loop noted;
  parloop::loop work;
  work.n = 200;
  work.iteration = iteration;
  work.chunk = {[](void* p, index_t begin, index_t end) noexcept {
                  auto& seen = *static_cast<noted_loop*>(p);
                  if (begin != seen.next && seen.share < 0) seen.share = seen.next;
                  seen.next = end;
                  seen.ran += end - begin;
                  test::busy_for((end - begin) * (d::shortest_chunk + 1us));  // else a share is stolen as a whole
                },
                &noted};
  d::run_on_team(t, work, wanted, &noted, 0ns);
  CHECK(noted.ran == work.n);
  CHECK(t.threads() == 0);
  return noted.share < 0 ? work.n : noted.share;
}

}  // namespace

TEST_CASE("what a loop takes in all is known when its iterations are") {
  parloop::loop work;
  work.n = 1000;
  CHECK(d::total_time(work) == 0ns);
  work.iteration = 2us;
  CHECK(d::total_time(work) == 2ms);
  work.n = std::numeric_limits<index_t>::max();
  CHECK(d::total_time(work) == 1h);
}

TEST_CASE("a loop of unknown length is cut for all who could come") {
  CHECK(callers_share(8, 0ns) == 25);
  CHECK(callers_share(4, 0ns) == 50);
  CHECK(callers_share(1, 0ns) == 200);
}

TEST_CASE("a long loop is cut for all, in equal shares") { CHECK(callers_share(4, 1ms) == 50); }

TEST_CASE("a short loop is cut for those who pay, and the caller has a head start while these get up") {
  // Of 200 us six sleepers pay, and the caller runs 30 us before they come: 30 + 170 / 7.
  const index_t of_seven = callers_share(8, 1us);
  CHECK(of_seven >= 53);
  CHECK(of_seven <= 56);
  // Of 40 us one pays: 150 + 50 / 2.
  const index_t of_two = callers_share(8, 200ns);
  CHECK(of_two >= 174);
  CHECK(of_two <= 176);
}

TEST_CASE("a short loop is not cut for more than the CPUs") {
  const index_t of_two = callers_share(8, 1us, 2);  // 30 + 170 / 2
  CHECK(of_two >= 114);
  CHECK(of_two <= 116);
}
