// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What decides whether loops are shared, seen from a backend that counts how often it is asked to.
#include <algorithm>
#include <atomic>
#include <cfenv>
#include <parloop/parloop.hpp>
#include <thread>
#include <vector>

#include "../../catch.hpp"
#include "../../support.hpp"

namespace pl = parloop;
using namespace std::chrono_literals;

namespace {

bool helping = false;  // a helper, with the loop that runs

/// What is done twice as soon where a helper helps.
void work(std::chrono::nanoseconds alone) { test::busy_for(helping ? alone / 2 : alone); }

/// Runs loops on the calling thread, in two chunks, and then keeps it waiting: help that comes `late`.
class helper final : public pl::backend {
 public:
  std::chrono::nanoseconds price{1000};
  std::chrono::nanoseconds late{0};
  int threads = 2;
  bool awake = false;  // though dear
  bool awake_after = false;
  int loops = 0;
  bool helps = false;                       // with a loop, now
  pl::fractional_nanoseconds iteration{0};  // as the last loop was said to have

  [[nodiscard]] std::string_view name() const noexcept override { return "helper"; }
  [[nodiscard]] int width() const noexcept override { return threads; }
  [[nodiscard]] pl::help_offered help() const noexcept override { return {price, awake || price < 4us, awake_after}; }
  void run(const pl::loop& work) override {
    ++loops;
    iteration = work.iteration;
    helping = true;
    work.chunk(0, 1);
    work.chunk(1, work.n);
    helping = false;
    test::busy_for(late);
  }
};

/// Calls `f` on a thread of its own, which has learned nothing of loops.
template <class F>
void unbiased(const F& f) {
  std::thread(f).join();
}

/// Calls loops of 200 us, of a length that is known, and half of it where they have help, and stops for `stop` in
/// iteration `where` of the first and then of each `every`th that is shared.
void interrupted(helper& h, int calls, pl::index_t where, int every, std::chrono::nanoseconds stop) {
  int before = 0;
  const auto body = [&](pl::index_t i) {
    const bool stopped = i == where && h.loops > before && h.loops % every == 1;
    stopped ? test::busy_for(stop) : work(2us);
  };
  unbiased([&] {
    pl::serial alone;
    for (int call = 0; call < 2; ++call) pl::parallel_for(alone, pl::prange(100), body);
    for (int call = 0; call < calls; ++call) {
      before = h.loops;
      pl::parallel_for(h, pl::prange(100), body);
    }
  });
}

}  // namespace

TEST_CASE("help that makes loops longer is not asked for again at once") {
  constexpr int calls = 200;
  helper h;
  h.late = 5ms;
  unbiased([&h] {
    for (int call = 0; call < calls; ++call) {
      pl::parallel_for(h, pl::prange(100), [](pl::index_t) { test::busy_for(1us); });
    }
  });
  // Each time costs 5 ms, which are forgotten in some 200 ms, and all the loops together take 20.
  CHECK(h.loops >= 1);
  CHECK(h.loops <= calls / 4);
}

TEST_CASE("what stops the caller itself is not blamed on help") {
  // Several tries, since other programs may stop the caller elsewhere, which says nothing: the one that was left alone.
  constexpr int calls = 100;
  int most = 0;
  for (int attempt = 0; attempt < 10 && most < calls * 3 / 4; ++attempt) {
    helper h;
    interrupted(h, calls, 99, 5, 5ms);
    most = std::max(most, h.loops);
  }
  CHECK(most >= calls * 3 / 4);
}

TEST_CASE("a first chunk that was interrupted does not make help look worth it") {
  // Several short tries, and the one in the middle: where other programs run, one may be interrupted elsewhere as well,
  // and then says nothing.
  constexpr int calls = 20;
  std::vector<int> shared;
  for (int attempt = 0; attempt < 21; ++attempt) {
    helper h;
    h.late = 1ms;
    interrupted(h, calls, 0, 2, 2ms);
    shared.push_back(h.loops);
  }
  std::sort(shared.begin(), shared.end());
  CHECK(shared.back() >= 1);
  CHECK(shared[shared.size() / 2] <= calls / 2);
}

TEST_CASE("a caller that runs alone looks at the clock after 50 us at the latest, or one iteration") {
  helper h;
  h.price = 1h;  // so everything runs here, but might have been shared; more than any interrupt makes it look like
  pl::index_t longest = 0;
  int blocks = 0;
  unbiased([&] {
    pl::parallel_for_chunks(h, pl::prange(1000), [&](pl::index_t begin, pl::index_t end) {
      longest = std::max(longest, end - begin);
      ++blocks;
      test::busy_for((end - begin) * 10us);  // at least
    });
  });
  CHECK(h.loops == 0);
  CHECK(longest <= 5);
  CHECK(blocks >= 200);
}

TEST_CASE("where nobody stays awake, short loops ask nobody for the sake of the next ones") {
  const auto loops_shared = [](bool awake_after) {
    helper h;
    h.price = 30us;
    h.awake_after = awake_after;
    unbiased([&h] {
      for (int call = 0; call < 3000; ++call) {
        pl::parallel_for(h, pl::prange(10), [](pl::index_t) { test::busy_for(1us); });
      }
    });
    return h.loops;
  };
  CHECK(loops_shared(true) > loops_shared(false));
}

TEST_CASE("a worker that is awake is not woken for the sake of the next loops, however dear it is") {
  unbiased([] {
    helper h;
    h.price = 30us;
    h.awake_after = true;
    const auto pays_for_10us = [&h] {
      pl::detail::help_offer offer(&h, 0);
      pl::detail::body_memory memory;
      pl::detail::pace_here.note_missed(static_cast<double>(pl::detail::to_ticks(1s)));
      offer.ask(pl::detail::now(), 1000, 1000, memory);
      return offer.pays_for(static_cast<double>(pl::detail::to_ticks(10us)));
    };
    h.awake = true;
    CHECK_FALSE(pays_for_10us());
    h.awake = false;
    CHECK(pays_for_10us());
  });
}

TEST_CASE("a loop has to be longer than twice a sleeper's price, however many could help") {
  unbiased([] {
    for (const int threads : {2, 8, 64}) {
      helper h;
      h.threads = threads;
      h.price = 30us;
      const auto pays = [&h](std::chrono::nanoseconds work) {
        pl::detail::help_offer offer(&h, 0);
        pl::detail::body_memory memory;
        offer.ask(pl::detail::now(), 1000, 1000, memory);
        return offer.pays_for(static_cast<double>(pl::detail::to_ticks(work)));
      };
      CHECK_FALSE(pays(59us));
      CHECK(pays(61us));
      h.awake = true;  // then what the others take over has to be more than the price
      CHECK(pays(61us));
      CHECK(pays(59us) == (threads > 2));
      CHECK_FALSE(pays(30us));
    }
  });
}

TEST_CASE("loops that gain nothing by help stay in their caller, but those that wake somebody for others") {
  constexpr int calls = 100;
  const auto loops_shared = [](bool awake, std::chrono::nanoseconds pause, std::chrono::nanoseconds price = 30us) {
    helper h;
    h.price = price;
    h.awake = awake;
    unbiased([&] {
      for (int call = 0; call < calls; ++call) {
        test::busy_for(pause);
        pl::parallel_for(h, pl::prange(100), [](pl::index_t) { test::busy_for(2us); });
      }
    });
    return h.loops;
  };
  // Several tries, since other programs may stop the caller: the one that was left alone.
  int woken = calls;
  int helped = calls;
  int cheap = 0;  // by the length of the loops
  int close = 0;
  for (int attempt = 0; attempt < 10; ++attempt) {
    if (woken > calls / 4) woken = std::min(woken, loops_shared(false, 1ms));
    if (helped > calls / 3) helped = std::min(helped, loops_shared(true, 0ms));
    if (cheap < calls * 3 / 4) cheap = std::max(cheap, loops_shared(true, 0ms, 1us));
    if (close < calls * 3 / 4) close = std::max(close, loops_shared(false, 0ms));
  }
  CHECK(woken >= 2);
  CHECK(woken <= calls / 4);
  CHECK(helped >= 8);
  CHECK(helped <= calls / 3);
  CHECK(cheap >= calls * 3 / 4);
  CHECK(close >= calls * 3 / 4);
}

TEST_CASE("loops after pauses that gain much by waking somebody are shared") {
  constexpr int calls = 100;
  int shared = 0;
  for (int attempt = 0; attempt < 10 && shared < calls * 3 / 4; ++attempt) {
    helper h;
    h.price = 30us;
    unbiased([&h] {
      for (int call = 0; call < calls; ++call) {
        test::busy_for(1ms);
        pl::parallel_for(h, pl::prange(20), [](pl::index_t) { work(20us); });
      }
    });
    shared = std::max(shared, h.loops);
  }
  CHECK(shared >= calls * 3 / 4);
}

TEST_CASE("a loop that was to stay in its caller is shared when it turns out to be long") {
  helper h;
  h.price = 30us;
  std::chrono::nanoseconds each = 2us;
  unbiased([&] {
    const auto loop_after_pause = [&] {
      test::busy_for(1ms);
      pl::parallel_for(h, pl::prange(100), [&each](pl::index_t) { test::busy_for(each); });
    };
    int before = 0;
    for (int alone = 0, calls = 0; alone < 3 && calls < 1000; ++calls) {
      before = h.loops;
      loop_after_pause();
      alone = h.loops == before ? alone + 1 : 0;
    }
    before = h.loops;
    each = 20us;
    loop_after_pause();
    CHECK(h.loops == before + 1);
  });
}

TEST_CASE("iterations that get longer are known by what the caller's share took") {
  helper h;
  const auto rising = [&h] { pl::parallel_for(h, pl::prange(64), [](pl::index_t i) { test::busy_for(i * 1us); }); };
  unbiased([&rising] {
    for (int call = 0; call < 4; ++call) rising();
  });
  // 31.5 us on the average; those that are tried first take less than half of that.
  CHECK(h.iteration >= 20us);
}

namespace {

/// Runs each loop in two chunks, one on the calling thread and one on another.
class other_thread final : public pl::backend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "other_thread"; }
  [[nodiscard]] int width() const noexcept override { return 2; }
  [[nodiscard]] pl::help_offered help() const noexcept override { return {0ns, true}; }
  void run(const pl::loop& work) override {
    std::thread([&work] { work.chunk(work.n / 2, work.n); }).join();
    if (work.n > 1) work.chunk(0, work.n / 2);
  }
};

/// Loops of 20 us on `b`, which has to be the default.
void loops_of_20_us(int calls) {
  for (int call = 0; call < calls; ++call) {
    pl::parallel_for(pl::prange(20), [](pl::index_t) { work(1us); });
  }
}

}  // namespace

TEST_CASE("what is learned of one default backend is not applied to the next") {
  constexpr int calls = 200;
  const bool is_scoped = GENERATE(true, false);
  helper dear;
  dear.price = 50us;
  helper cheap;
  cheap.price = 500ns;
  // An interrupt may make help look dear for a while: several tries.
  for (int attempt = 0; attempt < 10 && cheap.loops < calls / 2; ++attempt) {
    cheap.loops = 0;
    unbiased([&] {
      if (is_scoped) {
        pl::scoped_backend outer(dear);
        loops_of_20_us(calls);
        pl::scoped_backend inner(cheap);
        loops_of_20_us(calls);
      } else {
        pl::set_default_backend(dear);
        loops_of_20_us(calls);
        pl::set_default_backend(cheap);
        loops_of_20_us(calls);
        pl::reset_default_backend();
      }
    });
  }
  CHECK(cheap.loops >= calls / 2);
}

TEST_CASE("loops of another backend in a loop's body are not taken for its own") {
  constexpr int calls = 100;
  const bool is_default = GENERATE(false, true);
  INFO((is_default ? "the default backend" : "a named one"));
  // Several tries: a caller that other programs stop learns nothing.
  int dear = calls;
  int cheap = 0;
  for (int attempt = 0; attempt < 10 && (dear > calls / 4 || cheap < calls / 2); ++attempt) {
    helper late;  // what it costs is seen when the outer loop ends
    late.late = 5ms;
    helper quick;
    unbiased([&] {
      pl::scoped_backend scope(late);
      const auto body = [&](pl::index_t i) {
        test::busy_for(20us);
        if (i == 4) pl::parallel_for(quick, pl::prange(4), [](pl::index_t) { work(5us); });
      };
      const auto range = pl::prange(10).site(static_cast<std::uint64_t>(2 * attempt + is_default));  // not seen before
      for (int call = 0; call < calls; ++call) {
        is_default ? pl::parallel_for(range, body) : pl::parallel_for(late, range, body);
      }
    });
    CHECK(late.loops >= 1);
    dear = late.loops;
    cheap = quick.loops;
  }
  CHECK(dear <= calls / 4);
  CHECK(cheap >= calls / 2);
}

TEST_CASE("two backends that are used in turn are both remembered") {
  const int other = 0;
  pl::detail::pace p;
  const auto* one = reinterpret_cast<const pl::backend*>(&p);
  const auto* two = reinterpret_cast<const pl::backend*>(&other);
  pl::detail::ticks now = pl::detail::now();
  p.note_start(now);
  const double price = static_cast<double>(pl::detail::to_ticks(30us));
  for (int turn = 0; turn < 3; ++turn) {
    CHECK(p.not_worth_asking(now, one) == (turn == 0 ? p.not_worth_asking(now, two) : price));
    p.note_backend(one);
    p.note_asleep(price);
    p.note_end(now += 100);
    p.note_backend(two);
    p.note_awake();
    p.note_end(now += 100);
    CHECK(p.not_worth_asking(now, two) < price);
  }
}

TEST_CASE("a few long iterations are shared, although those of the loop before were short") {
  helper h;
  std::atomic<int> alone{0};
  unbiased([&] {
    for (const pl::index_t n : {4, 16, 1000}) {
      for (const bool is_long : {false, false, true}) {
        const int before = h.loops;
        alone = 0;
        pl::parallel_for(h, pl::prange(n), [&](pl::index_t) {
          if (!is_long) return;
          if (h.loops == before) ++alone;
          test::busy_for(100us);
        });
        if (!is_long) continue;
        CHECK(h.loops == before + 1);
        CHECK(alone == 1);
      }
    }
  });
}

TEST_CASE("other threads round as the caller does, and afterwards as they did before") {
  other_thread b;
  const int before = std::fegetround();
  for (const int direction : {FE_UPWARD, FE_DOWNWARD, FE_TONEAREST}) {
    std::fesetround(direction);
    std::atomic<int> wrong{0};
    std::atomic<int> elsewhere{0};
    const auto caller = std::this_thread::get_id();
    pl::parallel_for(b, pl::prange(8).grain(4), [&](pl::index_t) {
      if (std::fegetround() != direction) ++wrong;
      if (std::this_thread::get_id() != caller) ++elsewhere;
      test::busy_for(100us);
    });
    CHECK(wrong == 0);
    CHECK(elsewhere > 0);
    CHECK(std::fegetround() == direction);
  }
  std::fesetround(before);
  const pl::detail::caller_context nearest;
  std::fesetround(FE_UPWARD);
  {
    const pl::detail::caller_context::adopted context(nearest);
    CHECK(std::fegetround() == before);
  }
  CHECK(std::fegetround() == FE_UPWARD);
  std::fesetround(before);
}

TEST_CASE("loops inside a loop's chunks have the default backend of its caller, on every thread") {
  other_thread outer;
  pl::serial inner;
  std::atomic<int> wrong{0};
  std::atomic<int> elsewhere{0};
  const auto caller = std::this_thread::get_id();
  {
    const pl::scoped_backend scope(inner);
    pl::parallel_for(outer, pl::prange(8), [&](pl::index_t) {
      if (&pl::default_backend() != &inner) ++wrong;
      if (std::this_thread::get_id() != caller) ++elsewhere;
      test::busy_for(100us);
    });
  }
  CHECK(wrong == 0);
  CHECK(elsewhere > 0);
  CHECK(&pl::default_backend() != &inner);
}

namespace {

/// Notes how many iterations of its last loop were left to it.
class counting_rest final : public pl::backend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "counting_rest"; }
  [[nodiscard]] int width() const noexcept override { return 2; }
  [[nodiscard]] pl::help_offered help() const noexcept override { return {std::chrono::nanoseconds(0), true}; }
  void run(const pl::loop& work) override {
    rest = work.n;
    work.chunk(0, work.n);
  }
  pl::index_t rest = 0;
};

}  // namespace

TEST_CASE("loops of one type of body are told apart by their keys") {
  counting_rest b;
  using function = void (*)(pl::index_t);
  const function heavy = [](pl::index_t) { test::busy_for(50us); };
  const function light = [](pl::index_t) {};
  const auto rest_of_heavy = [&](std::uint64_t heavy_key, std::uint64_t light_key) {
    for (int round = 0; round < 4; ++round) {
      pl::parallel_for(b, pl::prange(1000).site(light_key), light);
      b.rest = 0;
      pl::parallel_for(b, pl::prange(100).site(heavy_key), heavy);
    }
    return b.rest;
  };
  CHECK(rest_of_heavy(0, 0) < 100);     // the light one's time makes the heavy one be tried first
  CHECK(rest_of_heavy(17, 18) == 100);  // each has its own time
  CHECK(pl::prange(5).site(7).grain(2).options().site == pl::prange(9).site(7).options().site);
  CHECK(pl::prange(5).site(7).options().site != pl::prange(5).site(8).options().site);
  CHECK(pl::prange(5).site(0).options().site == 0);
  for (std::uint64_t key = 1; key != 0; key <<= 1) CHECK(pl::prange(5).site(key).options().site != 0);
}
