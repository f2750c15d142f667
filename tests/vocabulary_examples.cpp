// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// One use of every public function, as a user would write it; tests/gates/examples.awk finds those that have none.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <numbers>
#include <numeric>
#include <parloop/backend/checked.hpp>
#include <parloop/backend/doctor.hpp>
#include <parloop/backend/traced.hpp>
#include <parloop/examined.hpp>
#include <parloop/parloop.hpp>
#include <random>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "catch.hpp"

namespace pl = parloop;

TEST_CASE("examples of loops") {
  std::vector<double> x(1000), y(1000);
  pl::parallel_for(pl::prange(1000), [&](pl::index_t i) { x[static_cast<std::size_t>(i)] = 2; });
  pl::parallel_for(pl::prange(999, -1, -2), [&](pl::index_t i) { y[static_cast<std::size_t>(i)] = 1; });
  pl::parallel_for(x, [](double& v) { v += 1; });
  pl::parallel_for(x.begin(), x.end(), [](double& v) { v *= 2; });
  CHECK((x[999] == 6 && y[999] == 1 && y[998] == 0));

  const pl::view cells(x.data(), 10, 20, 5);
  pl::parallel_for(pl::grid(10, 20, 5), [&](auto k, auto j, auto i) { cells(k, j, i) = static_cast<double>(j); });
  pl::parallel_for(pl::grid(pl::prange(1, 9), pl::prange(20)), [&](auto k, auto j) { cells(k, j, 0) = 0; });
  CHECK((x[999] == 19 && x[100] == 0 && pl::shape_text(cells) == "10 x 20 x 5"));

  pl::parallel_for_chunks(pl::prange(1000).grain(100).threads(2), [&](pl::index_t begin, pl::index_t end) {
    std::fill(y.begin() + begin, y.begin() + end, 7.0);
  });
  CHECK(y[500] == 7);

  pl::parallel_invoke([&] { x[0] = 3; }, [&] { y[0] = 4; });
  CHECK((x[0] == 3 && y[0] == 4));
}

TEST_CASE("examples of reductions") {
  const std::vector<int> x{5, 2, 8, 2};
  const auto element = [&](pl::index_t i) { return x[static_cast<std::size_t>(i)]; };
  CHECK(pl::parallel_sum(pl::prange(4), element) == 17);
  CHECK((pl::parallel_min(pl::prange(4), element) == 2 && pl::parallel_max(pl::prange(4), element) == 8));
  const auto best = pl::parallel_argmin(pl::prange(4), element);
  CHECK((best.value == 2 && best.index == 1));
  const auto [value, where] = pl::parallel_argmax(pl::grid(2, 2), [&](auto y, auto i) { return element(2 * y + i); });
  CHECK((value == 8 && where[0] == 1 && where[1] == 0));
  const std::string digits = pl::parallel_reduce(
      pl::prange(12), std::string(), [](std::string left, std::string right) { return left + right; },
      [](pl::index_t i) { return std::to_string(i); });
  CHECK(digits == "01234567891011");
}

TEST_CASE("examples of large arrays") {
  const auto x = pl::make_array<double>(1'000'000, [](pl::index_t i) { return static_cast<double>(i % 1000); });
  const auto ones = pl::make_array<double>(x.size(), 1.0);
  auto y = pl::make_array<double>(x.size());
  pl::transform(x, ones, y, [](double a, double b) { return a + b; });
  CHECK(y[999'999] == 1000);
  CHECK(std::span(y).size() == 1'000'000);
}

TEST_CASE("examples of options for verbs without a range") {
  std::vector<double> x(1000, 1.0), y(1000);
  pl::transform(pl::options().threads(2).grain(64), x, y, [](double v) { return v + 2; });
  CHECK(y[999] == 3);
  std::stop_source cancel;
  const auto how = pl::options().stop(cancel.get_token()).progress([](pl::index_t, pl::index_t) {});
  CHECK(pl::inclusive_scan(how, x, y).complete());
  cancel.request_stop();
  CHECK_FALSE(pl::make_array<double>(how, 1000).has_value());
  CHECK((pl::options().threads(2).limits().threads == 2 && how.stop_token().stop_requested()));
}

TEST_CASE("examples of scans") {
  const std::vector<int> counts{3, 1, 4, 1, 5};
  std::vector<int> sums(5), offsets(5), highest(5);
  pl::inclusive_scan(counts, sums);
  pl::exclusive_scan(counts, offsets, 0);
  pl::inclusive_scan(counts, highest, [](int a, int b) { return a < b ? b : a; });
  CHECK(sums == std::vector{3, 4, 8, 9, 14});
  CHECK(offsets == std::vector{0, 3, 4, 8, 9});
  CHECK(highest == std::vector{3, 3, 4, 4, 5});
}

TEST_CASE("examples of stencils and functions of rows") {
  std::vector<double> a{0, 0, 8, 0, 0, 0}, b(6);
  const pl::view<const double, 1> in(a.data(), 6);
  const auto mean = [](auto at) { return (at(-1) + at(1)) / 2; };
  pl::stencil(in, pl::view(b.data(), 6), mean, pl::border::nearest());
  CHECK(b == std::vector<double>{0, 4, 0, 4, 0, 0});
  const auto last = pl::stencil_steps(pl::view(a.data(), 6), pl::view(b.data(), 6), 2, mean, pl::border::wrap());
  CHECK((last.data() == a.data() && a[2] == 4));

  const pl::view table(a.data(), 2, 3);
  std::vector<double> factors{1, 10};
  const auto scale = [](auto line, double factor) {
    for (pl::index_t i = 0; i < std::ssize(line); ++i) line[static_cast<std::size_t>(i)] *= factor;
  };
  const double corner = table(1, 1);
  pl::for_each_row(scale, table, pl::one_each(pl::view(factors.data(), 2)));
  CHECK(table(1, 1) == 10 * corner);
  pl::for_each_column([](pl::column_of<double> column) { column[0] = static_cast<double>(column.size()); }, table);
  CHECK(table(0, 2) == 2);
}

TEST_CASE("examples of random numbers") {
  constexpr std::uint64_t seed = 42;
  const auto inside = pl::parallel_sum(pl::prange(100'000), [](pl::index_t i) {
    const auto [x, y] = pl::uniform2(seed, i);
    return x * x + y * y < 1;
  });
  CHECK(std::abs(4e-5 * static_cast<double>(inside) - std::numbers::pi) < 0.03);
  const pl::two<double> point = pl::uniform2(seed, 7);
  CHECK((point.x < 1 && point.y < 1));
  const pl::four<float> four = pl::uniform4<float>(seed, 7);
  const auto [x, y, z, w] = four;
  CHECK((x < 1 && y < 1 && z < 1 && w < 1));
  pl::random_stream random(seed, 7);
  std::normal_distribution<double> normal;
  CHECK(std::abs(normal(random)) < 10);
  CHECK(random.uniform() < 1);
  const auto bits = pl::random_bits(seed, 7);  // 128 of them
  CHECK(bits == pl::philox4x32({7, 0, 0, 0}, {42, 0}));
}

TEST_CASE("examples of backends") {
  pl::thread_pool pool({.threads = 2, .idle = pl::idle::park()});
  pl::work_stealing nested({.threads = 2, .idle = pl::idle::adaptive(std::chrono::microseconds(50))});
  pl::workqueue rare;
  pl::serial alone;
  const std::unique_ptr<pl::backend> chosen =
      pl::make_backend("thread_pool", {.threads = 2, .idle = pl::idle::release()});
  for (pl::backend* b : {static_cast<pl::backend*>(&pool), static_cast<pl::backend*>(&nested),
                         static_cast<pl::backend*>(&rare), static_cast<pl::backend*>(&alone), chosen.get()}) {
    CHECK(pl::parallel_sum(*b, pl::prange(1000), [](pl::index_t i) { return i; }) == 499'500);
  }
  {
    const pl::scoped_backend use(pool);  // for this thread's loops
    CHECK(&pl::default_backend() == &pool);
  }
  pl::set_default_backend(alone);  // for the program's
  CHECK(pl::default_backend().name() == "serial");
  pl::reset_default_backend();
  CHECK(pl::describe(pool).find("thread_pool") != std::string::npos);
  CHECK((pl::to_string(pl::idle::spin()) == "spin" && pl::to_string(pl::idle::park()) == "park"));
}

TEST_CASE("examples of element-wise operations") {
  std::vector<double> x(1000), y(1000), z(1000);
  pl::generate(x, [](pl::index_t i) { return static_cast<double>(i); });
  pl::fill(y, 2);
  pl::transform(x, z, [](double v) { return v + 2; });
  pl::transform(x, y, z, [](double v, double w) { return 3 * v + w; });
  pl::transform(z, z, [](double v) { return -v; });  // in place
  pl::copy(z, x);
  CHECK(x[999] == -2999);
}

TEST_CASE("examples of maps") {
  const std::vector<std::string> words{"one", "three"};
  const auto lengths = pl::parallel_map(words, [](const std::string& w) { return w.size(); });
  const auto squares = pl::parallel_map(pl::prange(10'000).grain(1000), [](pl::index_t i) { return i * i; });
  CHECK(lengths == std::vector<std::size_t>{3, 5});
  CHECK(squares[9999] == 99'980'001);
}

TEST_CASE("examples of stopping and watching") {
  std::stop_source stop;
  const pl::loop_result found = pl::parallel_for(pl::prange(1'000'000).stop(stop.get_token()), [&](pl::index_t i) {
    if (i == 4321) stop.request_stop();
  });
  CHECK(found.ran <= found.total);
  const auto sum = pl::parallel_sum(pl::prange(1000).stop(std::stop_token()), [](pl::index_t i) { return i; });
  CHECK(sum == 499'500);  // a std::optional: empty when stopped
  const auto largest = pl::parallel_reduce(
      pl::prange(1000).stop(std::stop_token()), pl::index_t{0},
      [](pl::index_t a, pl::index_t b) { return a < b ? b : a; }, [](pl::index_t i) { return i % 77; });
  CHECK(largest == 76);
  const auto least = pl::parallel_min(pl::prange(1000).stop(std::stop_token()), [](pl::index_t i) { return 9 - i; });
  CHECK(least == -990);  // as well
  pl::index_t last = 0;
  pl::parallel_for(pl::grid(100, 100).progress([&](pl::index_t done, pl::index_t) { last = done; }),
                   [](pl::index_t, pl::index_t) {});
  CHECK(last == 10'000);
  const auto chunks =
      pl::parallel_for_chunks(pl::prange(1000).stop(std::stop_token()), [](pl::index_t, pl::index_t) {});
  CHECK(chunks.complete());
}

TEST_CASE("an example of scratch") {
  std::vector<pl::index_t> out(1000);
  pl::parallel_for(
      pl::prange(1000), [] { return std::vector<pl::index_t>(64); },
      [&](pl::index_t i, std::vector<pl::index_t>& room) {
        room[static_cast<std::size_t>(i % 64)] = i;
        out[static_cast<std::size_t>(i)] = room[static_cast<std::size_t>(i % 64)];
      });
  CHECK(out[999] == 999);
}

TEST_CASE("examples of looking at ranges, views and policies") {
  const pl::range<1, pl::stride::any> every_third = pl::prange(2, 20, 3).grain(4).threads(2);
  const pl::axis& indices = every_third.along(0);
  const pl::loop_options& options = every_third.options();
  CHECK((indices[1] == 5 && every_third.extent(0) == 6 && every_third.size() == 6));
  CHECK((options.grain == 4 && options.threads == 2));

  using callback = std::function<void(pl::index_t, pl::index_t)>;
  using report = pl::progress_report<callback, std::chrono::milliseconds>;
  const pl::controlled_range<pl::range<1>, pl::no_stop, report> watched = pl::prange(9).progress(callback());
  CHECK((watched.reports().interval.count() == 50 && !watched.can_stop));
  const pl::controlled_range<pl::range<1>, std::stop_token, pl::no_progress> stoppable =
      pl::prange(9).stop(std::stop_token());
  CHECK((!stoppable.stop_token().stop_requested() && stoppable.without_control().size() == 9));

  const pl::large_array<int> numbers = pl::make_array<int>(6, [](pl::index_t i) { return static_cast<int>(i); });
  const pl::view table(numbers.data(), 2, 3);
  CHECK((table.extent(1) == 3 && table.size() == 6 && !numbers.empty()));
  const pl::extremum<int, 2> most = pl::parallel_argmax(pl::grid(2, 3), [&](auto y, auto x) { return table(y, x); });
  CHECK((most.value == 5 && most.index[1] == 2));

  std::vector<double> line{1, 2, 3}, sums(3);
  const auto sum = [](auto at) { return at(-1) + at(1); };
  pl::stencil(pl::view(line.data(), 3), pl::view(sums.data(), 3), sum, pl::border::reflect());
  CHECK(sums == std::vector<double>{3, 4, 5});
  pl::stencil(pl::view(line.data(), 3), pl::view(sums.data(), 3), sum, pl::border::constant(0.0));
  CHECK(sums == std::vector<double>{2, 4, 2});

  pl::thread_pool pool({.threads = 2});
  pool.set_idle(pl::idle::park());
  const pl::idle_policy policy = pool.idle();
  CHECK((policy == pl::idle::park() && !policy.stays_awake() && !pool.help().stays_awake));
  CHECK((pool.width() == 2 && pool.workers() == 0 && pool.help().price > std::chrono::nanoseconds(0)));
  CHECK(std::string(pool.details().c_str()).find("park") != std::string::npos);
}

TEST_CASE("an example of a loop that is given to a backend itself") {
  pl::thread_pool pool({.threads = 2});
  std::vector<int> runs(1000);
  pl::loop work;
  work.n = 1000;
  work.chunk = pl::chunk_fn{[](void* body, pl::index_t begin, pl::index_t end) noexcept {
                              int* const all = static_cast<std::vector<int>*>(body)->data();
                              for (pl::index_t i = begin; i < end; ++i) ++all[i];
                            },
                            &runs};
  pool.run(work);
  CHECK(runs == std::vector<int>(1000, 1));
}

TEST_CASE("examples of what watches loops") {
  pl::thread_pool pool({.threads = 2});
  pl::checked checked(pool);  // throws when `pool` does not keep its promises
  CHECK(pl::parallel_sum(checked, pl::prange(1000), [](pl::index_t i) { return i; }) == 499'500);

  pl::traced traced(pool);
  {
    const pl::traced::section name(traced, "frame");
    pl::parallel_for(traced, pl::prange(1000), [](pl::index_t) {});
  }
  CHECK((traced.kept() >= 1 && traced.dropped() == 0));
  CHECK(traced.write("/nowhere/trace.json"));  // an error

  pl::set_doctor(pl::doctor_state::on);
  pl::doctor watched(pool);
  pl::parallel_for(watched, pl::examined(pl::prange(1000), {.name = "add", .bytes = 16}), [](pl::index_t) {});
  pl::set_doctor(pl::doctor_state::off);
  CHECK(pl::doctor_report().find("add") != std::string::npos);
}

namespace {

/// Says how each loop that it watches has ended.
struct log_display {
  struct line {
    void operator()(pl::index_t, pl::index_t) const {}  // not of interest
    void ended(pl::index_t ran) const noexcept { last = static_cast<double>(ran) / static_cast<double>(total); }
    pl::index_t total;
    double& last;
  };
  [[nodiscard]] line watch(pl::index_t total) const { return {total, last}; }
  double& last;
};

}  // namespace

TEST_CASE("an example of a display of one's own") {
  double last = -1;
  const log_display display{last};
  static_assert(pl::loop_display<log_display>);
  pl::parallel_for(pl::prange(1000).progress(display), [](pl::index_t) {});
  CHECK(last == 1);
  display.watch(4).ended(2);  // as by a loop that was stopped half-way
  CHECK(last == 0.5);
}

TEST_CASE("an example of a team") {
  pl::thread_pool pool({2, {}});
  std::vector<double> a(1000, 1), b(1000, 0);
  double norm = 0;
  const pl::team_rules rules = pool.teams();
  CHECK((rules.most_members >= 2 && rules.idle == pool.idle()));
  pl::team(pool, 2, [&](pl::member& me) {
    const auto n = pl::prange(1000);
    me.for_each(n, [&](pl::index_t i) { b[static_cast<std::size_t>(i)] = 2 * a[static_cast<std::size_t>(i)]; });
    me.for_each_dynamic(n, [&](pl::index_t i) { a[static_cast<std::size_t>(i)] += b[static_cast<std::size_t>(i)]; });
    me.for_each_chunk(n, [&](pl::index_t begin, pl::index_t end) {
      for (pl::index_t i = begin; i < end; ++i) a[static_cast<std::size_t>(i)] += 1;
    });
    const double sum = me.reduce(n, 0.0, std::plus<>(), [&](pl::index_t i) { return a[static_cast<std::size_t>(i)]; });
    constexpr pl::nowait_t without_barrier = pl::nowait;
    me.single([&] { norm = sum; }, without_barrier);
    me.barrier();
    CHECK((me.number() < me.size() && norm == 4000));
  });
}

TEST_CASE("an example of loops that are known by a key") {
  std::vector<double> a(1000, 1);
  const auto apply = [&a](void (*f)(double&)) {  // any function, by one type of body
    const auto key = reinterpret_cast<std::uintptr_t>(f);
    pl::parallel_for(pl::prange(1000).site(key), [&a, f](pl::index_t i) { f(a[static_cast<std::size_t>(i)]); });
  };
  apply([](double& x) { x += 1; });
  apply([](double& x) { x *= x; });
  CHECK(a[999] == 4);
}

TEST_CASE("an example of a reduction over chunks") {
  const std::vector<double> a(10'000, 0.5);
  const double sum = pl::parallel_reduce_chunks(pl::prange(10'000), 0.0, std::plus<>(),
                                                [&](pl::index_t begin, pl::index_t end, double init) {
                                                  return std::accumulate(a.begin() + begin, a.begin() + end, init);
                                                });
  CHECK(sum == 5000);
}
