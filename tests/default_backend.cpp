// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Which backend a loop that names none runs on: by scope, by program, by the library.
#include <parloop/default_backend.hpp>

#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <thread>
#include <type_traits>

#include <parloop/algorithm/parallel_for.hpp>
#include <parloop/algorithm/parallel_min_max.hpp>
#include <parloop/detail/base/cpu_count.hpp>

#include "catch.hpp"
#include "conformance.hpp"
#include "support.hpp"

namespace pl = parloop;
using pl::index_t;

namespace {

/// Counts the loops that it is given.
class counter final : public pl::backend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "counter"; }
  [[nodiscard]] int width() const noexcept override { return 4; }
  [[nodiscard]] pl::help_offered help() const noexcept override { return {std::chrono::nanoseconds(0), true}; }
  void run(const pl::loop& work) override {
    ++loops;
    work.chunk(0, work.n);
  }
  std::atomic<int> loops{0};
};

/// A loop that is surely shared.
void long_loop() {
  pl::parallel_for(pl::prange(8).grain(1), [](index_t) { test::busy_for(std::chrono::microseconds(100)); });
}

bool is_default(const pl::backend& b) { return &pl::default_backend() == &b; }

/// However a test ends, the next finds the library's own default.
struct reset_at_end {
  ~reset_at_end() { pl::reset_default_backend(); }
};

}  // namespace

TEST_CASE("the library's default is one thread pool over all usable CPUs, with adaptive workers") {
  for (const char* name : {"PARLOOP_BACKEND", "PARLOOP_NUM_THREADS", "PARLOOP_IDLE"}) {
    if (std::getenv(name) != nullptr) {
      WARN(name << " is set: not tested");
      return;
    }
  }
  pl::backend& b = pl::default_backend();
  CHECK(b.name() == "thread_pool");
  const auto* pool = dynamic_cast<pl::thread_pool*>(&b);
  REQUIRE(pool != nullptr);
  CHECK(pool->width() == pl::detail::cpu_count().usable);
  CHECK(pool->idle() == pl::idle::adaptive());
  CHECK(is_default(b));
  std::atomic<int> agree{0};
  conformance::on_threads(4, [&](int) { agree += is_default(b) ? 1 : 0; });
  CHECK(agree == 4);
}

TEST_CASE("the program's default holds on every thread until it is reset or replaced") {
  const reset_at_end undo;
  pl::backend& library = pl::default_backend();
  counter first;
  counter second;
  pl::set_default_backend(first);
  CHECK(is_default(first));
  bool elsewhere = false;
  std::thread([&] { elsewhere = is_default(first); }).join();
  CHECK(elsewhere);
  long_loop();
  CHECK(first.loops == 1);
  pl::set_default_backend(second);
  CHECK(is_default(second));
  std::thread(long_loop).join();
  CHECK(first.loops == 1);
  CHECK(second.loops == 1);
  pl::reset_default_backend();
  CHECK(is_default(library));
  pl::reset_default_backend();
  CHECK(is_default(library));
  long_loop();
  CHECK(first.loops == 1);
  CHECK(second.loops == 1);
}

TEST_CASE("scopes nest, win over the program's default and end with an exception") {
  const reset_at_end undo;
  pl::backend& library = pl::default_backend();
  counter program;
  counter outer;
  counter inner;
  {
    const pl::scoped_backend outer_scope(outer);
    CHECK(is_default(outer));
    pl::set_default_backend(program);
    CHECK(is_default(outer));
    {
      const pl::scoped_backend inner_scope(inner);
      CHECK(is_default(inner));
      const pl::scoped_backend again(outer);
      CHECK(is_default(outer));
    }
    CHECK(is_default(outer));
    try {
      const pl::scoped_backend inner_scope(inner);
      long_loop();
      throw std::runtime_error("leaves the scope");
    } catch (const std::runtime_error&) {
      CHECK(is_default(outer));
    }
    CHECK(inner.loops == 1);
    pl::reset_default_backend();
    CHECK(is_default(outer));
    pl::set_default_backend(program);
  }
  CHECK(is_default(program));
  pl::reset_default_backend();
  CHECK(is_default(library));
  CHECK(outer.loops == 0);
  static_assert(!std::is_copy_constructible_v<pl::scoped_backend> && !std::is_copy_assignable_v<pl::scoped_backend> &&
                !std::is_convertible_v<pl::backend&, pl::scoped_backend>);
}

TEST_CASE("a scope holds on its own thread only") {
  const test::watchdog guard(30, "scopes of threads");
  pl::backend& library = pl::default_backend();
  counter mine;
  const pl::scoped_backend scope(mine);
  bool library_elsewhere = false;
  std::thread([&] { library_elsewhere = is_default(library); }).join();
  CHECK(library_elsewhere);
  std::atomic<int> wrong{0};
  counter theirs[4];
  conformance::on_threads(4, [&](int k) {
    for (int round = 0; round < 1'000; ++round) {
      const pl::scoped_backend own(theirs[k]);
      if (!is_default(theirs[k])) ++wrong;
      pl::parallel_for(pl::prange(2), [](index_t) {});
    }
    if (!is_default(library)) ++wrong;
  });
  CHECK(wrong == 0);
  CHECK(is_default(mine));
}

TEST_CASE("every verb without a backend runs on the default") {
  counter mine;
  const pl::scoped_backend scope(mine);
  const auto slow = [](index_t i) {
    test::busy_for(std::chrono::microseconds(100));
    return i;
  };
  const auto r = pl::prange(8).grain(1);
  int before = 0;
  const auto one_more = [&] { return mine.loops - before == 1 && ++before > 0; };
  pl::parallel_for(r, slow);
  CHECK(one_more());
  pl::parallel_for_chunks(r, [](index_t, index_t) { test::busy_for(std::chrono::microseconds(100)); });
  CHECK(one_more());
  CHECK(pl::parallel_sum(r, slow) == 28);
  CHECK(one_more());
  CHECK(pl::parallel_reduce(r, index_t{1}, std::multiplies<>(), [&](index_t i) { return slow(i) + 1; }) == 40'320);
  CHECK(one_more());
  CHECK(pl::parallel_min(r, slow) == 0);
  CHECK(one_more());
  CHECK(pl::parallel_max(r, slow) == 7);
  CHECK(one_more());
  CHECK(pl::parallel_argmin(r, slow).index == 0);
  CHECK(one_more());
  CHECK(pl::parallel_argmax(r, slow).index == 7);
  CHECK(one_more());
}
