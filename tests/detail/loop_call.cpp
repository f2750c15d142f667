// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What decides whether loops are shared, seen from a backend that counts how often it is asked to.
#include <parloop/parloop.hpp>
#include <thread>

#include "../catch.hpp"
#include "../support.hpp"

namespace pl = parloop;
using namespace std::chrono_literals;

namespace {

/// Runs loops on the calling thread, in two chunks, and then keeps it waiting: help that comes `late`.
class helper final : public pl::backend {
 public:
  std::chrono::nanoseconds price{1000};
  std::chrono::nanoseconds late{0};
  bool awake_after = false;
  int loops = 0;
  pl::fractional_nanoseconds iteration{0};  // as the last loop was said to have

  [[nodiscard]] std::string_view name() const noexcept override { return "helper"; }
  [[nodiscard]] int width() const noexcept override { return 2; }
  [[nodiscard]] std::chrono::nanoseconds fork_cost() const noexcept override { return price; }
  [[nodiscard]] bool stays_awake() const noexcept override { return awake_after; }
  void run(const pl::loop& work) override {
    ++loops;
    iteration = work.iteration;
    work.chunk(0, 1);
    work.chunk(1, work.n);
    test::busy_for(late);
  }
};

/// Calls `f` on a thread of its own, which has learned nothing of loops.
template <class F>
void unbiased(const F& f) {
  std::thread(f).join();
}

/// Calls loops of 100 us, of a length that is known, and stops for `stop` in iteration `where` of the first and then of
/// each `every`th that is shared.
void interrupted(helper& h, int calls, pl::index_t where, int every, std::chrono::nanoseconds stop) {
  int before = 0;
  const auto body = [&](pl::index_t i) {
    const bool stopped = i == where && h.loops > before && h.loops % every == 1;
    test::busy_for(stopped ? stop : std::chrono::nanoseconds(1us));
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
  constexpr int calls = 100;
  helper h;
  interrupted(h, calls, 99, 5, 5ms);
  CHECK(h.loops >= calls * 3 / 4);
}

TEST_CASE("a first chunk that was interrupted does not make help look worth it") {
  constexpr int calls = 100;
  helper h;
  h.late = 1ms;
  interrupted(h, calls, 0, 2, 2ms);
  CHECK(h.loops <= calls / 2);
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

TEST_CASE("iterations that get longer are known by what the caller's share took") {
  helper h;
  const auto rising = [&h] { pl::parallel_for(h, pl::prange(64), [](pl::index_t i) { test::busy_for(i * 1us); }); };
  unbiased([&rising] {
    for (int call = 0; call < 4; ++call) rising();
  });
  // 31.5 us on the average; those that are tried first take less than half of that.
  CHECK(h.iteration >= 20us);
}
