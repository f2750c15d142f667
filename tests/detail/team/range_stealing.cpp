// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Who runs which chunk, asked of the class itself: one thread plays all participants, and each chunk is noted. Chunks
/// are sized by time; where the size matters, it is the first one's, or iterations take so long that interruptions,
/// which can only lengthen them, change nothing.
#include <algorithm>
#include <limits>
#include <memory>
#include <parloop/detail/team/range_stealing.hpp>
#include <utility>
#include <vector>

#include "../../catch.hpp"
#include "../../support.hpp"

namespace d = parloop::detail;
using parloop::index_t;
using namespace std::chrono_literals;

namespace {

using chunk = std::pair<index_t, index_t>;  // [first, second)

/// A loop of `n` iterations, each of which takes `takes` at least.
class noted {
 public:
  explicit noted(index_t n, std::chrono::nanoseconds takes = 0ns) : takes_(takes) {
    work.n = n;
    work.chunk = {[](void* self, index_t begin, index_t end) noexcept { static_cast<noted*>(self)->run(begin, end); },
                  this};
  }
  noted(const noted&) = delete;
  noted& operator=(const noted&) = delete;

  parloop::loop work;
  std::vector<chunk> chunks;

 private:
  void run(index_t begin, index_t end) {
    chunks.emplace_back(begin, end);
    if (takes_ > 0ns) test::busy_for((end - begin) * takes_);
  }

  std::chrono::nanoseconds takes_;
};

/// Longer than the longest chunk, so that each is one iteration.
constexpr std::chrono::nanoseconds long_iteration = d::longest_chunk + 10us;
/// Known to the loop: 4 of them are the shortest chunk, 50 the longest, with a little to spare for rounding.
constexpr parloop::fractional_nanoseconds known_iteration{990};

/// Where the share of participant `number` begins: its first chunk is from the front of that.
index_t share_begins(const parloop::loop& work, int participants, std::chrono::nanoseconds head_start, int number) {
  noted probe(work.n);
  probe.work.grain = work.grain;
  probe.work.iteration = work.iteration;
  d::range_stealing shared(probe.work, participants, head_start);
  d::range_stealing::participant(shared, number).step();
  return probe.chunks.front().first;
}

/// The first chunk that participant `number` runs, the only one that takes part.
chunk first_chunk(index_t n, int participants, int number, std::chrono::nanoseconds head_start = 0ns) {
  noted loop(n);
  loop.work.iteration = known_iteration;
  d::range_stealing shared(loop.work, participants, head_start);
  d::range_stealing::participant(shared, number).step();
  return loop.chunks.front();
}

}  // namespace

TEST_CASE("shares are equal, and remainders are spread") {
  for (const index_t n : {10, 64, 1000}) {
    for (const int participants : {1, 2, 3, 7}) {
      const noted loop(n);
      for (int number = 0; number < participants; ++number) {
        const index_t expected = number * (n / participants) + std::min<index_t>(number, n % participants);
        CHECK(share_begins(loop.work, participants, 0ns, number) == expected);
      }
    }
  }
}

TEST_CASE("the caller's share is larger by what it runs before the others come") {
  noted loop(64);
  loop.work.iteration = 1ms;
  CHECK(share_begins(loop.work, 2, 8500us, 0) == 0);
  CHECK(share_begins(loop.work, 2, 8500us, 1) == 8 + 28);
  CHECK(share_begins(loop.work, 4, 8500us, 1) == 8 + 14);
  CHECK(share_begins(loop.work, 4, 8500us, 2) == 8 + 28);
  CHECK(share_begins(loop.work, 2, 900us, 1) == 32);  // less than an iteration
  loop.work.iteration = parloop::fractional_nanoseconds(0);
  CHECK(share_begins(loop.work, 2, 8500us, 1) == 32);  // that is not known
  loop.work.grain = 4;
  loop.work.iteration = 1ms;
  CHECK(share_begins(loop.work, 2, 8500us, 1) == 8 + 28);
}

TEST_CASE("when the others come after all is done, the caller has all of it") {
  noted loop(1000, 5us);
  loop.work.iteration = 1us;
  d::range_stealing shared(loop.work, 8, 1h);
  REQUIRE(shared.participants() == 8);
  d::range_stealing::participant(shared, 0).drain();
  index_t next = 0;
  for (const auto& [begin, end] : loop.chunks) {
    CHECK(begin == next);  // nothing is stolen
    next = end;
  }
  CHECK(next == 1000);
}

TEST_CASE("no more take part than asked for, than there are chunks, and than are possible") {
  noted loop(10);
  CHECK(d::range_stealing(loop.work, 4, 0ns).participants() == 4);
  CHECK(d::range_stealing(loop.work, 11, 0ns).participants() == 10);
  CHECK(d::range_stealing(loop.work, 0, 0ns).participants() == 1);
  loop.work.grain = 4;
  CHECK(d::range_stealing(loop.work, 11, 0ns).participants() == 3);
  loop.work.n = 100'000;
  CHECK(d::range_stealing(loop.work, 100'000, 0ns).participants() == d::most_participants);
}

TEST_CASE("a thief takes the back half of a share, chunk by chunk from its front") {
  noted loop(64, long_iteration);
  d::range_stealing shared(loop.work, 2, 0ns);
  d::range_stealing::participant owner(shared, 0);
  d::range_stealing::participant thief(shared, 1);
  const auto next = [&](d::range_stealing::participant& p) { return p.step() ? loop.chunks.back() : chunk{-1, -1}; };
  for (index_t i = 32; i < 64; ++i) REQUIRE(next(thief) == chunk{i, i + 1});
  CHECK(next(thief) == chunk{16, 17});  // half of [0, 32)
  CHECK(next(owner) == chunk{0, 1});
  for (index_t i = 17; i < 32; ++i) REQUIRE(next(thief) == chunk{i, i + 1});
  CHECK(next(thief) == chunk{8, 9});  // half of [1, 16)
  for (index_t i = 1; i < 8; ++i) REQUIRE(next(owner) == chunk{i, i + 1});
  CHECK(next(owner) == chunk{12, 13});  // half of [9, 16), which is the thief's
  owner.drain();
  thief.drain();
  CHECK(loop.chunks.size() == 64);
}

TEST_CASE("a thief takes from the largest share") {
  noted loop(90, long_iteration);
  d::range_stealing shared(loop.work, 3, 0ns);
  d::range_stealing::participant first(shared, 0);
  d::range_stealing::participant second(shared, 1);
  d::range_stealing::participant third(shared, 2);
  for (int i = 0; i < 10; ++i) REQUIRE(third.step());   // leaves [70, 90)
  for (int i = 0; i < 5; ++i) REQUIRE(first.step());    // leaves [5, 30)
  for (int i = 0; i < 31; ++i) REQUIRE(second.step());  // its own thirty, and one
  CHECK(loop.chunks.back().first == 17);                // half of [5, 30)
  for (int i = 0; i < 13; ++i) REQUIRE(second.step());  // the rest of that, and one
  CHECK(loop.chunks.back().first == 80);  // half of [70, 90), as [5, 17) is smaller
}

TEST_CASE("of many shares a thief empties those of its own group first, then the next ones") {
  noted loop(160, long_iteration);
  d::range_stealing shared(loop.work, 40, 0ns);  // four for each; groups of 16, 16 and 8
  d::range_stealing::participant(shared, 20).drain();
  REQUIRE(loop.chunks.size() == 160);
  const auto first_of = [&](std::size_t from, std::size_t count) {
    return std::minmax_element(loop.chunks.begin() + static_cast<std::ptrdiff_t>(from),
                               loop.chunks.begin() + static_cast<std::ptrdiff_t>(from + count));
  };
  CHECK(loop.chunks.front() == chunk{80, 81});
  CHECK(first_of(0, 64).first->first == 64);
  CHECK(first_of(0, 64).second->second == 128);
  CHECK(first_of(64, 32).first->first == 128);
  CHECK(first_of(96, 64).first->first == 0);
}

TEST_CASE("what is moved to where somebody has found nothing is found there") {
  noted loop(256, long_iteration);
  d::range_stealing shared(loop.work, 32, 0ns);  // eight for each, two groups
  d::range_stealing::participant mover(shared, 16);
  for (int i = 0; i < 129; ++i) REQUIRE(mover.step());  // all of its group, and one of the four that it moves there
  d::range_stealing::participant(shared, 0).drain();
  CHECK(loop.chunks.size() == 256);
  CHECK_FALSE(mover.step());
}

TEST_CASE("a share that is no longer than the shortest chunk is stolen as a whole") {
  CHECK(first_chunk(4, 2, 1, 1h) == chunk{0, 4});
  CHECK(first_chunk(5, 2, 1, 1h) == chunk{2, 5});
  CHECK(first_chunk(16, 2, 1, 1h) == chunk{8, 12});
}

TEST_CASE("chunks are half of what is left, and not shorter than the shortest unless that is all") {
  CHECK(first_chunk(1, 1, 0) == chunk{0, 1});
  CHECK(first_chunk(6, 1, 0) == chunk{0, 6});  // else two iterations would be left
  CHECK(first_chunk(7, 1, 0) == chunk{0, 4});
  CHECK(first_chunk(9, 1, 0) == chunk{0, 5});
  CHECK(first_chunk(80, 1, 0) == chunk{0, 40});
  CHECK(first_chunk(80, 2, 1) == chunk{40, 60});
}

TEST_CASE("no chunk is planned to last longer than the longest, by what is known and by what was measured") {
  CHECK(first_chunk(99, 1, 0) == chunk{0, 50});
  CHECK(first_chunk(1'000'000, 1, 0) == chunk{0, 50});
  noted slower(400, 10us);  // than it was said to be
  slower.work.iteration = known_iteration;
  d::range_stealing shared(slower.work, 1, 0ns);
  d::range_stealing::participant(shared, 0).drain();
  CHECK(slower.chunks.front() == chunk{0, 50});
  for (std::size_t c = 1; c < slower.chunks.size(); ++c) {
    CHECK(slower.chunks[c].second - slower.chunks[c].first <= 5);
  }
}

TEST_CASE("chunks of unknown iterations begin with one and grow eightfold at most") {
  constexpr index_t n = 1'000'000;
  noted loop(n);
  d::range_stealing shared(loop.work, 1, 0ns);
  d::range_stealing::participant(shared, 0).drain();
  CHECK(loop.chunks.front() == chunk{0, 1});
  index_t before = 1;
  index_t too_large = 0;
  for (const auto& [begin, end] : loop.chunks) {
    if (end - begin > 8 * before) ++too_large;
    before = end - begin;
  }
  CHECK(too_large == 0);
  CHECK(loop.chunks.size() < n / 20);
}

TEST_CASE("what the caller takes before the others come is its own, and it runs it first") {
  noted loop(64, long_iteration);
  loop.work.iteration = long_iteration;
  d::range_stealing shared(loop.work, 2, 0ns);
  d::range_stealing::participant caller(shared, 0);
  caller.take_first();
  d::range_stealing::participant(shared, 1).drain();
  CHECK(loop.chunks.size() == 63);
  CHECK(loop.chunks[32] == chunk{16, 17});  // half of [1, 32), rounded up
  REQUIRE(caller.step());
  CHECK(loop.chunks.back() == chunk{0, 1});
  CHECK_FALSE(caller.step());
}

TEST_CASE("each iteration is in one chunk, whoever comes and in whatever order they run") {
  test::random_source random(11);
  for (std::int64_t round = test::rounds(2000); round > 0; --round) {
    const index_t n = 1 + random.below(500);
    noted loop(n);
    loop.work.grain = 1 + random.below(9);
    loop.work.iteration = parloop::fractional_nanoseconds(static_cast<double>(random.below(3) * random.below(5'000)));
    const auto most = static_cast<int>(random.below(random.chance(20) ? 60 : 12));
    d::range_stealing shared(loop.work, most, random.below(20) * 1us);
    std::vector<std::unique_ptr<d::range_stealing::participant>> come;  // not all do
    for (int number = 0; number < shared.participants(); ++number) {
      if (number == 0 || random.chance(70)) {
        come.push_back(std::make_unique<d::range_stealing::participant>(shared, number));
      }
    }
    if (random.chance(50)) come.front()->take_first();
    while (!come.empty()) {
      const auto who = static_cast<std::size_t>(random.below(static_cast<std::int64_t>(come.size())));
      if (!come[who]->step()) come.erase(come.begin() + static_cast<std::ptrdiff_t>(who));
    }
    std::vector<int> runs(static_cast<std::size_t>(n));
    bool good = true;
    for (const auto& [begin, end] : loop.chunks) {
      good = good && begin < end && end <= n && begin % loop.work.grain == 0;
      good = good && (end == n || end % loop.work.grain == 0);
      for (index_t i = begin; good && i < end; ++i) ++runs[static_cast<std::size_t>(i)];
    }
    for (const int count : runs) good = good && count == 1;
    CAPTURE(n, loop.work.grain, shared.participants());
    REQUIRE(good);
  }
}

TEST_CASE("loops of more iterations than fit in a share are dealt in larger pieces") {
  for (const index_t n : {index_t{1} << 31, (index_t{1} << 40) + 1, std::numeric_limits<index_t>::max()}) {
    noted loop(n);
    loop.work.iteration = parloop::fractional_nanoseconds(1e-12);
    d::range_stealing shared(loop.work, 3, 0ns);
    for (int number = 0; number < 3; ++number) d::range_stealing::participant(shared, number).drain();
    std::sort(loop.chunks.begin(), loop.chunks.end());
    index_t next = 0;
    bool good = true;
    for (const auto& [begin, end] : loop.chunks) {
      good = good && begin == next && end > begin;
      next = end;
    }
    CHECK(good);
    CHECK(next == n);
  }
}

TEST_CASE("who takes part has its number, and afterwards the one it had") {
  noted l(10);
  d::range_stealing dealing(l.work, 3, 0ns);
  d::place_here.number = 7;
  {
    d::range_stealing::participant second(dealing, 2);
    CHECK(d::place_here.number == 2);
    {
      const d::range_stealing::participant first(dealing, 1);
      CHECK(d::place_here.number == 1);
    }
    CHECK(d::place_here.number == 2);
  }
  CHECK(d::place_here.number == 7);
  d::place_here.number = d::place_in_loop::unnumbered;
}
