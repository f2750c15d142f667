// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Marked loops: results as ever, what is counted, and that nothing is while the doctor is off. Judgements are tested
/// in detail/doctor/diagnosis.cpp and process/doctor.cpp.
#include <atomic>
#include <parloop/examined.hpp>
#include <parloop/parloop.hpp>
#include <stdexcept>
#include <string>
#include <thread>

#include "catch.hpp"
#include "support.hpp"

namespace pl = parloop;
using pl::index_t;

namespace {

/// What is known of the loops of one name; no calls when there are none.
pl::detail::loop_figures figures_of(const std::string& name) {
  for (auto* s = pl::detail::all_sites.load(parloop::detail::memory_order_acquire); s != nullptr; s = s->next) {
    if (s->place().rfind(name + " (", 0) == 0) return s->figures();
  }
  return {};
}

struct switched_on {
  switched_on() { pl::set_doctor(pl::doctor_state::on); }
  switched_on(const switched_on&) = delete;
  switched_on& operator=(const switched_on&) = delete;
  ~switched_on() { pl::set_doctor(pl::doctor_state::off); }
};

/// Two threads, and always worth asking.
class always_two final : public pl::backend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "always_two"; }
  [[nodiscard]] int width() const noexcept override { return 2; }
  [[nodiscard]] pl::help_offered help() const noexcept override { return {std::chrono::nanoseconds(0), true}; }
  void run(const pl::loop& work) override {
    ++runs;
    const index_t half = work.n / 2 / work.grain * work.grain;
    std::thread other([&] {
      if (half > 0) work.chunk(0, half);
    });
    work.chunk(half, work.n);
    other.join();
  }
  std::atomic<int> runs{0};
};

}  // namespace

TEST_CASE("while the doctor is off, marked loops run as ever and leave no trace") {
  pl::set_doctor(pl::doctor_state::off);
  std::atomic<int> runs{0};
  pl::parallel_for(pl::examined(pl::prange(100), {.name = "off"}), [&](index_t) { ++runs; });
  CHECK(runs == 100);
  CHECK(figures_of("off").calls == 0);
}

TEST_CASE("calls and iterations are counted, at every kind of loop") {
  const switched_on on;
  std::atomic<int> runs{0};
  for (int k = 0; k < 7; ++k) {
    pl::parallel_for(pl::examined(pl::prange(100), {.name = "counted"}), [&](index_t) { ++runs; });
  }
  CHECK(runs == 700);
  const auto f = figures_of("counted");
  CHECK(f.calls == 7);
  CHECK(f.iterations == 100);
  CHECK(f.wall > 0);
  CHECK(f.period > 0);

  pl::parallel_for(pl::examined(pl::grid(3, 4, 5), {.name = "3-D"}), [&](index_t, index_t, index_t) {});
  CHECK(figures_of("3-D").iterations == 60);
  CHECK(pl::parallel_sum(pl::examined(pl::prange(10), {.name = "sum"}), [](index_t i) { return i; }) == 45);
  CHECK(pl::parallel_max(pl::examined(pl::prange(10), {.name = "max"}), [](index_t i) { return i; }) == 9);
  CHECK(pl::parallel_argmin(pl::examined(pl::prange(10), {.name = "argmin"}), [](index_t i) { return i; }).index == 0);
  CHECK(figures_of("sum").calls == 1);
  pl::parallel_for_chunks(pl::examined(pl::prange(10).grain(5), {.name = "chunks"}), [&](index_t begin, index_t end) {
    CHECK(begin % 5 == 0);
    CHECK((end % 5 == 0 || end == 10));
  });
  CHECK(figures_of("chunks").calls == 1);
  pl::parallel_for(pl::examined(pl::prange(0), {.name = "empty"}), [&](index_t) { FAIL(); });
  CHECK(figures_of("empty").calls == 1);
}

TEST_CASE("a loop is known by its place when it has no name") {
  const switched_on on;
  pl::parallel_for(pl::examined(pl::prange(10)), [](index_t) {});
  const int line = __LINE__ - 1;
  CHECK(pl::doctor_report().find("examined.cpp:" + std::to_string(line) + "\n") != std::string::npos);
}

TEST_CASE("chunks, threads and serial time are seen through the wrapped backend") {
  const switched_on on;
  always_two two;
  pl::doctor watching(two);
  constexpr int calls = 40;
  std::atomic<int> runs{0};
  for (int k = 0; k < calls; ++k) {
    pl::parallel_for(watching, pl::examined(pl::prange(64), {.name = "wrapped"}), [&](index_t) {
      ++runs;
      test::busy_for(std::chrono::microseconds(2));
    });
  }
  CHECK(runs == calls * 64);
  const auto f = figures_of("wrapped");
  CHECK(f.calls == calls);
  CHECK(f.shared == calls);
  CHECK(two.runs < calls);  // some were kept in their caller, to learn what one thread needs
  CHECK(two.runs > calls / 2);
  CHECK(f.threads == 2);
  CHECK(f.participants == 2);
  CHECK(f.chunks == 2);
  CHECK(f.serial >= 64 * 2e-6);
  CHECK(f.work > 0);
  CHECK(watching.name() == "always_two");
  CHECK(watching.width() == 2);
  CHECK(std::string(watching.details().c_str()).find("doctor") != std::string::npos);
}

TEST_CASE("loops on the default backend are watched, and it stays the default") {
  const switched_on on;
  always_two two;
  const pl::scoped_backend use(two);
  for (int k = 0; k < 20; ++k) {
    pl::parallel_for(pl::examined(pl::prange(64), {.name = "default"}),
                     [&](index_t) { test::busy_for(std::chrono::microseconds(2)); });
  }
  CHECK(figures_of("default").chunks == 2);
  CHECK(&pl::default_backend() == &two);
}

TEST_CASE("a loop inside a loop is another") {
  const switched_on on;
  always_two two;
  const pl::scoped_backend use(two);
  for (int k = 0; k < 5; ++k) {
    pl::parallel_for(pl::examined(pl::prange(8), {.name = "outer"}), [&](index_t) {
      pl::parallel_for(pl::examined(pl::prange(16), {.name = "inner"}), [](index_t) {});
      test::busy_for(std::chrono::microseconds(20));
    });
  }
  CHECK(figures_of("outer").calls == 5);
  CHECK(figures_of("outer").iterations == 8);
  CHECK(figures_of("inner").iterations == 16);
  CHECK(figures_of("inner").calls > 0);  // two threads that meet at one record lose a call, rather than wait
  CHECK(figures_of("inner").calls <= 40);
}

TEST_CASE("an exception passes through, and its loop counts") {
  const switched_on on;
  CHECK_THROWS_AS(pl::parallel_for(pl::examined(pl::prange(100), {.name = "throws"}),
                                   [](index_t i) {
                                     if (i == 50) throw std::runtime_error("50");
                                   }),
                  std::runtime_error);
  CHECK(figures_of("throws").calls == 1);
  CHECK(pl::detail::examined_here == nullptr);
  CHECK(pl::detail::scoped_default == nullptr);
}

TEST_CASE("many threads at one place") {
  const switched_on on;
  std::atomic<int> runs{0};
  std::vector<std::thread> callers;
  for (int t = 0; t < 4; ++t) {
    callers.emplace_back([&] {
      for (int k = 0; k < 200; ++k) {
        pl::parallel_for(pl::examined(pl::prange(50), {.name = "crowd"}), [&](index_t) { ++runs; });
      }
    });
  }
  for (std::thread& t : callers) t.join();
  CHECK(runs == 4 * 200 * 50);
  std::int64_t calls = 0;  // two that were first at once have made two records
  for (auto* s = pl::detail::all_sites.load(parloop::detail::memory_order_acquire); s != nullptr; s = s->next) {
    if (s->place().rfind("crowd (", 0) == 0) calls += s->figures().calls;
  }
  CHECK(calls > 0);
  CHECK(calls <= 800);
  CHECK_FALSE(pl::doctor_report().empty());
}

TEST_CASE("grain and other options pass through") {
  const switched_on on;
  const auto r = pl::examined(pl::prange(10).grain(3).threads(2), {.name = "options"});
  CHECK(r.options().grain == 3);
  CHECK(r.options().threads == 2);
  CHECK(r.size() == 10);
}
