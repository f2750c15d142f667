// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Options of the verbs that take no range: every verb does what they say, and nothing else.
#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <mutex>
#include <optional>
#include <parloop/examined.hpp>
#include <parloop/parloop.hpp>
#include <set>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "../catch.hpp"
#include "../conformance.hpp"
#include "../every_backend.hpp"
#include "../support.hpp"

namespace pl = parloop;
using pl::index_t;

namespace {

constexpr index_t elements = 200'000;  // of what each verb below works on: also 400 rows of 500 columns
constexpr index_t rows = 400;
constexpr index_t columns = 500;

/// Called by the verbs' functions now and then, in the thread that they run in.
struct spy {
  std::atomic<std::int64_t> calls{0};
  std::mutex mutex;
  std::set<std::thread::id> threads;
  std::stop_source* stops = nullptr;  // from the first call on
  void look() {
    if (calls.fetch_add(1, std::memory_order_relaxed) % 64 != 0) return;
    if (stops != nullptr) stops->request_stop();
    const std::scoped_lock lock(mutex);
    threads.insert(std::this_thread::get_id());
  }
};

struct arrays {
  std::vector<double> x, y;
  arrays() : x(static_cast<std::size_t>(elements)), y(x.size(), -1.0) {
    for (index_t i = 0; i < elements; ++i) x[static_cast<std::size_t>(i)] = test::mixed(i);
  }
  [[nodiscard]] auto in() const { return pl::view(x.data(), rows, columns); }
  [[nodiscard]] auto out() { return pl::view(y.data(), rows, columns); }
};

/// What is assigned tells the spy.
struct told {
  spy* who = nullptr;
  double value = 0;
  told& operator=(double v) {
    if (who != nullptr) who->look();
    value = v;
    return *this;
  }
  told& operator=(const told& other) { return *this = other.value; }
  told() = default;
  told(const told&) = default;
};

constexpr auto average = [](auto at) { return 0.25 * (at(-1, 0) + at(1, 0) + at(0, -1) + at(0, 1)); };

/// Calls test(name, run, total): run(backend, options, spy, results) is the verb, which appends its results and returns
/// what the verb does; `total` is what it counts.
template <class Test>
void on_every_verb(Test test) {
  const auto keep = [](std::vector<double>& to, const auto& from) { to.assign(std::begin(from), std::end(from)); };
  test(
      "transform",
      [&](pl::backend& b, const auto& how, spy& s, std::vector<double>& results) {
        arrays a;
        const auto f = [&s](double u, double v) { return s.look(), u * v; };
        struct kept {
          arrays& a;
          std::vector<double>& to;
          ~kept() { to = a.y; }
        } const at_end{a, results};
        return pl::transform(b, how, a.x, a.x, a.y, f);
      },
      elements);
  test(
      "generate",
      [&](pl::backend& b, const auto& how, spy& s, std::vector<double>& results) {
        results.assign(static_cast<std::size_t>(elements), -1.0);
        return pl::generate(b, how, results, [&s](index_t i) { return s.look(), test::mixed(i); });
      },
      elements);
  test(
      "fill",
      [&](pl::backend& b, const auto& how, spy& s, std::vector<double>& results) {
        std::vector<told> out(static_cast<std::size_t>(elements));
        for (told& t : out) t.who = &s;
        struct kept {
          std::vector<told>& out;
          std::vector<double>& to;
          ~kept() {
            to.clear();
            for (const told& t : out) to.push_back(t.value);
          }
        } const at_end{out, results};
        return pl::fill(b, how, out, 2.5);
      },
      elements);
  test(
      "copy",
      [&](pl::backend& b, const auto& how, spy& s, std::vector<double>& results) {
        arrays a;
        std::vector<told> out(static_cast<std::size_t>(elements));
        for (told& t : out) t.who = &s;
        struct kept {
          std::vector<told>& out;
          std::vector<double>& to;
          ~kept() {
            to.clear();
            for (const told& t : out) to.push_back(t.value);
          }
        } const at_end{out, results};
        return pl::copy(b, how, a.x, out);
      },
      elements);
  test(
      "inclusive_scan",
      [&](pl::backend& b, const auto& how, spy& s, std::vector<double>& results) {
        const arrays a;
        results.assign(a.x.size(), -1.0);
        return pl::inclusive_scan(b, how, a.x, results, [&s](double u, double v) { return s.look(), u + v; });
      },
      elements);
  test(
      "exclusive_scan",
      [&](pl::backend& b, const auto& how, spy& s, std::vector<double>& results) {
        const arrays a;
        results.assign(a.x.size(), -1.0);
        return pl::exclusive_scan(b, how, a.x, results, 1.0, [&s](double u, double v) { return s.look(), u + v; });
      },
      elements);
  test(
      "stencil",
      [&](pl::backend& b, const auto& how, spy& s, std::vector<double>& results) {
        const arrays a;
        results.assign(a.x.size(), -1.0);
        return pl::stencil(
            b, how, a.in(), pl::view(results.data(), rows, columns), [&s](auto at) { return s.look(), average(at); },
            pl::border::reflect());
      },
      elements);
  test(
      "stencil_steps",
      [&](pl::backend& b, const auto& how, spy& s, std::vector<double>& results) {
        arrays a;
        results = a.x;
        return pl::stencil_steps(
            b, how, pl::view(results.data(), rows, columns), a.out(), 4,
            [&s](auto at) { return s.look(), average(at); }, pl::border::wrap());
      },
      4 * elements);
  test(
      "for_each_row",
      [&](pl::backend& b, const auto& how, spy& s, std::vector<double>& results) {
        const arrays a;
        results.assign(a.x.size(), -1.0);
        const auto f = [&s](std::span<const double> from, std::span<double> to) {
          for (std::size_t i = 0; i < from.size(); ++i) s.look(), to[i] = 2 * from[i];
        };
        return pl::for_each_row(b, how, f, a.in(), pl::view(results.data(), rows, columns));
      },
      rows);
  test(
      "for_each_column",
      [&](pl::backend& b, const auto& how, spy& s, std::vector<double>& results) {
        const arrays a;
        results.assign(a.x.size(), -1.0);
        const auto f = [&s](auto from, auto to) {
          for (index_t i = 0; i < from.size(); ++i) s.look(), to[i] = 2 * from[i];
        };
        return pl::for_each_column(b, how, f, a.in(), pl::view(results.data(), rows, columns));
      },
      columns);
  test(
      "make_array",
      [&](pl::backend& b, const auto& how, spy& s, std::vector<double>& results) {
        auto made = pl::make_array<double>(b, how, elements, [&s](index_t i) { return s.look(), test::mixed(i); });
        if constexpr (requires { made->data(); }) {
          if (made) keep(results, *made);
        } else {
          keep(results, made);
        }
        return made;
      },
      elements);
  test(
      "parallel_map",
      [&](pl::backend& b, const auto& how, spy& s, std::vector<double>& results) {
        const arrays a;
        auto made = pl::parallel_map(b, how, a.x, [&s](double v) { return s.look(), v + 1; });
        if constexpr (requires { made->data(); }) {
          if (made) keep(results, *made);
        } else {
          keep(results, made);
        }
        return made;
      },
      elements);
  test(
      "parallel_for over a container",
      [&](pl::backend& b, const auto& how, spy& s, std::vector<double>& results) {
        results.assign(static_cast<std::size_t>(elements), 1.0);
        return pl::parallel_for(b, how, results, [&s](double& v) { s.look(), v += 2; });
      },
      elements);
  test(
      "parallel_for over iterators",
      [&](pl::backend& b, const auto& how, spy& s, std::vector<double>& results) {
        results.assign(static_cast<std::size_t>(elements), 1.0);
        return pl::parallel_for(b, how, results.begin(), results.end(), [&s](double& v) { s.look(), v += 2; });
      },
      elements);
}

/// Notes the limits of the loops that it is given.
class noting final : public pl::backend {
 public:
  explicit noting(pl::backend& inner) : inner_(inner) {}
  [[nodiscard]] std::string_view name() const noexcept override { return inner_.name(); }
  [[nodiscard]] int width() const noexcept override { return inner_.width(); }
  [[nodiscard]] pl::help_offered help() const noexcept override { return {std::chrono::nanoseconds(0), true}; }
  void run(const pl::loop& work) override {
    least_grain = std::min(least_grain, work.grain);
    most_width = std::max(most_width, work.width);
    ++loops;
    inner_.run(work);
  }
  index_t least_grain = std::numeric_limits<index_t>::max();
  int most_width = 0;
  int loops = 0;

 private:
  pl::backend& inner_;
};

template <class Result>
bool complete(const Result& result) {
  if constexpr (std::is_same_v<Result, pl::loop_result>) {
    return result.complete();
  } else {
    return result.has_value();
  }
}

}  // namespace

TEST_CASE("one thread is the caller, two are no more than two, and the bits are those of any other number") {
  const test::watchdog guard(120, "threads");
  pl::thread_pool pool({4});
  conformance::eager shared(pool);
  on_every_verb([&](const char* name, auto run, index_t total) {
    INFO(name);
    pl::serial alone;
    spy reference;
    std::vector<double> expected;
    (void)run(alone, pl::options(), reference, expected);
    REQUIRE_FALSE(expected.empty());
    for (const int threads : {1, 2, 3, 0}) {
      spy s;
      std::vector<double> results;
      (void)run(shared, pl::options().threads(threads), s, results);
      CHECK(results == expected);
      CHECK(s.calls >= elements);
      // Loops of one verb that follow one another may have other helpers.
      const bool several = total > elements || std::string(name).ends_with("scan");
      const int most = threads == 0 || (several && threads > 1) ? 4 : threads;
      CHECK(s.threads.size() <= static_cast<std::size_t>(most));
      if (threads == 1) CHECK(s.threads.count(std::this_thread::get_id()) == 1);
    }
  });
}

TEST_CASE("threads and grain reach the backend") {
  const test::watchdog guard(60, "limits");
  pl::thread_pool pool({4});
  on_every_verb([&](const char* name, auto run, index_t total) {
    INFO(name);
    const bool scan = std::string(name).ends_with("scan");
    const index_t quarter = std::min(total, elements) / 4;
    noting limited(pool);
    spy s;
    std::vector<double> results;
    (void)run(limited, pl::options().threads(2).grain(100), s, results);
    CHECK(limited.loops > 0);
    CHECK(limited.most_width == 2);
    CHECK(limited.least_grain == (scan ? 1 : 100));  // a block of a scan has 2048 doubles
    noting coarse(pool);
    (void)run(coarse, pl::options().grain(scan ? 5000 : quarter), s, results);
    CHECK(coarse.least_grain == (scan ? 3 : quarter));
    noting one_chunk(pool);  // nobody to share with
    (void)run(one_chunk, pl::options().grain(std::numeric_limits<index_t>::max()), s, results);
    CHECK((one_chunk.loops == 0 || scan));
  });
}

TEST_CASE("chunks keep the grain: no thread takes less") {
  pl::thread_pool pool({4});
  conformance::eager shared(pool);
  const index_t n = 10'007;
  std::vector<std::thread::id> by(static_cast<std::size_t>(n));
  for (int round = 0; round < 20; ++round) {
    pl::generate(shared, pl::options().grain(1000), by, [](index_t) { return std::this_thread::get_id(); });
    index_t cuts_elsewhere = 0;
    for (std::size_t i = 1; i < by.size(); ++i) cuts_elsewhere += by[i] != by[i - 1] && i % 1000 != 0 ? 1 : 0;
    CHECK(cuts_elsewhere == 0);
  }
}

TEST_CASE("a token that says stop keeps every verb from calling anything") {
  const test::watchdog guard(60, "stopped before");
  pl::thread_pool pool({4});
  conformance::eager shared(pool);
  on_every_verb([&](const char* name, auto run, index_t total) {
    INFO(name);
    std::stop_source source;
    source.request_stop();
    for (const int threads : {1, 4}) {
      spy s;
      std::vector<double> results;
      const auto result = run(shared, pl::options().threads(threads).stop(source.get_token()), s, results);
      CHECK(s.calls == 0);
      CHECK_FALSE(complete(result));
      if constexpr (std::is_same_v<decltype(result), const pl::loop_result>) {
        CHECK((result == pl::loop_result{0, total}));
      }
    }
  });
}

TEST_CASE("a token stops every verb soon, what has been written stays, and a token that says nothing changes nothing") {
  const test::watchdog guard(120, "stopped");
  pl::thread_pool pool({4});
  conformance::eager shared(pool);
  pl::serial alone;
  on_every_verb([&](const char* name, auto run, index_t total) {
    INFO(name);
    spy quiet;
    std::vector<double> expected;
    (void)run(alone, pl::options(), quiet, expected);
    for (pl::backend* b : {static_cast<pl::backend*>(&alone), static_cast<pl::backend*>(&shared)}) {
      std::stop_source never;
      std::vector<double> results;
      CHECK(complete(run(*b, pl::options().stop(never.get_token()), quiet, results)));
      CHECK(results == expected);

      std::stop_source source;
      spy s;
      s.stops = &source;
      std::vector<double> part;
      const auto result = run(*b, pl::options().stop(source.get_token()), s, part);
      CHECK_FALSE(complete(result));
      CHECK(s.calls < quiet.calls / 2);
      if constexpr (std::is_same_v<decltype(result), const pl::loop_result>) {
        CHECK(result.total == total);
        index_t same = 0;
        bool other = false;
        REQUIRE(part.size() == expected.size());
        for (std::size_t i = 0; i < part.size(); ++i) {
          same += part[i] == expected[i] ? 1 : 0;
          other = other || (part[i] != expected[i] && part[i] != -1.0 && part[i] != 1.0 && part[i] != 0.0);
        }
        CHECK_FALSE(other);
        CHECK(same == result.ran * (elements / total));
      }
    }
  });
}

TEST_CASE("progress grows and reaches the total of every verb") {
  const test::watchdog guard(120, "progress");
  pl::thread_pool pool({4});
  conformance::eager shared(pool);
  pl::serial alone;
  on_every_verb([&](const char* name, auto run, index_t total) {
    INFO(name);
    for (pl::backend* b : {static_cast<pl::backend*>(&alone), static_cast<pl::backend*>(&shared)}) {
      std::vector<index_t> seen;
      bool right = true;
      const auto report = [&](index_t done, index_t all) {
        right = right && all == total;
        seen.push_back(done);
      };
      spy s;
      std::vector<double> results;
      (void)run(*b, pl::options().progress(report, std::chrono::nanoseconds(0)), s, results);
      CHECK(right);
      REQUIRE(seen.size() > 1);
      CHECK(std::adjacent_find(seen.begin(), seen.end(), std::greater_equal<>()) == seen.end());
      CHECK(seen.back() == total);
    }
  });
}

TEST_CASE("what a verb's function throws wins, under every option") {
  pl::thread_pool pool({4});
  conformance::eager shared(pool);
  std::vector<double> x(10'000, 1.0);
  const std::stop_source source;
  const auto how = pl::options().threads(2).grain(7).stop(source.get_token()).progress([](index_t, index_t) {});
  const auto fails = [](double v) -> double { return v == 1.0 ? throw std::range_error("value") : v; };
  CHECK_THROWS_AS((void)pl::transform(shared, how, x, x, fails), std::range_error);
  CHECK_THROWS_AS((void)pl::inclusive_scan(shared, how, x, x, [&](double u, double) { return fails(u); }),
                  std::range_error);
  CHECK_THROWS_AS((void)pl::make_array<double>(shared, how, 10'000, [&](index_t) { return fails(1.0); }),
                  std::range_error);
  CHECK_THROWS_AS(
      pl::fill(shared, pl::options().progress([](index_t, index_t) { throw std::length_error("told"); }), x, 2.0),
      std::length_error);
}

TEST_CASE("bad values are refused as the range refuses them") {
  CHECK_THROWS_AS(pl::options().grain(-1), std::invalid_argument);
  CHECK_THROWS_AS(pl::options().threads(-1), std::invalid_argument);
  const std::string grain = test::complaint([] { (void)pl::prange(3).grain(-1); });
  const std::string threads = test::complaint([] { (void)pl::prange(3).threads(-1); });
  CHECK(test::complaint([] { (void)pl::options().grain(-1); }) == grain);
  CHECK(test::complaint([] { (void)pl::options().threads(-1); }) == threads);
  CHECK(grain != "none");
  CHECK(threads != "none");
}

TEST_CASE("options join in any order, and are values") {
  const std::stop_source source;
  const auto how = pl::options().stop(source.get_token()).grain(5).progress([](index_t, index_t) {}).threads(3);
  CHECK((how.limits().grain == 5 && how.limits().threads == 3));
  CHECK(how.stop_token() == source.get_token());
  CHECK(how.reports().interval == std::chrono::milliseconds(50));
  STATIC_REQUIRE(decltype(how)::can_stop);
  STATIC_REQUIRE_FALSE(decltype(pl::options())::can_stop);
  STATIC_REQUIRE(sizeof(pl::options<>) == sizeof(pl::loop_options));
  constexpr auto fixed = pl::options().grain(64).threads(2);
  STATIC_REQUIRE(fixed.limits().grain == 64);
  std::vector<int> v(10);
  STATIC_REQUIRE(std::is_void_v<decltype(pl::fill(fixed, v, 3))>);
  STATIC_REQUIRE(std::is_same_v<decltype(pl::fill(how, v, 3)), pl::loop_result>);
  STATIC_REQUIRE(std::is_same_v<decltype(pl::make_array<int>(fixed, 3)), pl::large_array<int>>);
  STATIC_REQUIRE(std::is_same_v<decltype(pl::make_array<int>(how, 3)), std::optional<pl::large_array<int>>>);
}

TEST_CASE("on the default backend, empty arrays, containers in pieces, few functions") {
  pl::thread_pool pool({4});
  conformance::eager shared(pool);
  const pl::scoped_backend use(shared);
  const std::stop_source source;
  index_t last = -1;
  const auto how =
      pl::options().threads(2).grain(16).stop(source.get_token()).progress([&](index_t done, index_t) { last = done; });
  std::deque<int> x(5000, 1);
  std::vector<int> y(5000), none;
  CHECK(pl::transform(how, x, y, [](int v) { return v + 1; }) == pl::loop_result{5000, 5000});
  CHECK(std::count(y.begin(), y.end(), 2) == 5000);
  CHECK(pl::copy(how, y, x).complete());
  CHECK(pl::generate(how, x, [](index_t i) { return i; }).complete());
  CHECK(pl::parallel_for(how, x, [](int& v) { v *= 2; }).complete());
  CHECK(pl::parallel_for(how, x.begin(), x.end(), [](int& v) { v += 1; }).complete());
  CHECK((x[4999] == 9999 && last == 5000));
  CHECK(pl::inclusive_scan(how, y, y).complete());
  CHECK(y[4999] == 10'000);
  CHECK(pl::exclusive_scan(how, x, y, 0).complete());
  CHECK(y[2] == 4);
  CHECK(pl::fill(how, none, 1) == pl::loop_result{0, 0});
  CHECK(pl::inclusive_scan(how, none, none) == pl::loop_result{0, 0});
  CHECK((pl::make_array<int>(how, 0)->empty() && last == 0));
  CHECK(pl::make_array<int>(how, 100, 7).value()[99] == 7);
  CHECK(pl::make_array<int>(pl::options().threads(2), 100)[99] == 0);
  CHECK(pl::parallel_map(how, x, [](int v) { return std::to_string(v); }).value()[1] == "3");
  CHECK(pl::parallel_map(pl::prange(10).stop(source.get_token()), [](index_t i) { return i; })->size() == 10);
  std::atomic<int> calls{0};
  CHECK(pl::parallel_invoke(
            how, [&] { ++calls; }, [&] { ++calls; }, [&] { ++calls; }) == pl::loop_result{3, 3});
  CHECK((calls == 3 && last == 3));
  double d[6] = {1, 2, 3, 4, 5, 6}, e[6] = {};
  CHECK(pl::stencil(
            how, pl::view(d, 6), pl::view(e, 6), [](auto at) { return at(1); }, pl::border::wrap())
            .complete());
  CHECK((e[5] == 1 && e[0] == 2));
  const auto latest = pl::stencil_steps(
      how, pl::view(d, 6), pl::view(e, 6), 0, [](auto at) { return at(1); }, pl::border::wrap());
  CHECK(latest->data() == d);
  CHECK(pl::for_each_row(
            how, [](std::span<double> row) { row[0] = 9; }, pl::view(d, 3, 2)) == pl::loop_result{3, 3});
  CHECK(pl::for_each_column(
            how, [](auto column) { column[0] = 8; }, pl::view(d, 3, 2)) == pl::loop_result{2, 2});
  CHECK((d[0] == 8 && d[1] == 8 && d[2] == 9));
}

TEST_CASE("outputs that are written past the caches, and zeros that come from the system") {
  const test::watchdog guard(120, "large");
  pl::thread_pool pool({4});
  conformance::eager shared(pool);
  const index_t n = std::max<index_t>(pl::detail::cache_share_bytes(), index_t{40} << 20) / 4 + 1001;
  std::vector<float> y(static_cast<std::size_t>(n), -1.0F);
  const std::span<float> out = std::span(y).subspan(1);
  REQUIRE(pl::detail::pays_to_stream(out.data(), n - 1));
  index_t last = 0;
  const auto report = [&](index_t done, index_t) { last = done; };
  for (const int threads : {1, 2}) {
    std::stop_source source;
    const auto how = pl::options().threads(threads).grain(1).stop(source.get_token());
    CHECK(pl::generate(shared, how.progress(report), out, [](index_t i) {
            return static_cast<float>(i % 1021);
          }).complete());
    CHECK(last == n - 1);
    index_t wrong = y[0] != -1.0F ? 1 : 0;
    for (index_t i = 1; i < n; ++i) wrong += y[static_cast<std::size_t>(i)] != static_cast<float>((i - 1) % 1021);
    CHECK(wrong == 0);
    const pl::loop_result result = pl::generate(shared, how, out, [&](index_t i) {
      if (i == 100'000) source.request_stop();
      return -2.0F;
    });
    CHECK((result.ran > 0 && result.ran < n - 1));
    CHECK(static_cast<index_t>(std::count(y.begin(), y.end(), -2.0F)) == result.ran);
    std::stop_source other;
    const auto zeros =
        pl::make_array<float>(shared, pl::options().threads(threads).stop(other.get_token()).progress(report), n);
    CHECK((zeros.has_value() && last == n && (*zeros)[n - 1] == 0.0F));
    other.request_stop();
    CHECK_FALSE(pl::make_array<float>(shared, pl::options().stop(other.get_token()), n).has_value());
  }
  struct three {  // no divisor of a page
    float a, b, c;
  };
  static_assert(sizeof(three) == 12);
  using pointers = std::array<char*, 1>;
  CHECK(pl::make_array<double*>(shared, pl::options().grain(1 << 20).progress(report), 5'000'000)[4'999'999] ==
        nullptr);
  CHECK(last == 5'000'000);
  CHECK(pl::make_array<three>(shared, pl::options().progress(report), 4'000'000)[3'999'999].c == 0);
  CHECK(last == 4'000'000);
  CHECK(pl::make_array<pointers>(shared, pl::options().progress(report), 10)[9][0] == nullptr);
}

TEST_CASE("a marked verb is one call, with its elements, however many loops it has") {
  struct switched_on {
    switched_on() { pl::set_doctor(pl::doctor_state::on); }
    ~switched_on() { pl::set_doctor(pl::doctor_state::off); }
  } const on;
  const auto figures_of = [](const std::string& name) {
    for (auto* s = pl::detail::all_sites.load(pl::detail::memory_order_acquire); s != nullptr; s = s->next) {
      if (s->place().rfind(name + " (", 0) == 0) return s->figures();
    }
    return pl::detail::loop_figures{};
  };
  pl::thread_pool pool({2});
  conformance::eager shared(pool);
  const pl::scoped_backend use(shared);
  arrays a;
  constexpr int calls = 30;
  for (int k = 0; k < calls; ++k) {
    pl::transform(pl::examined(pl::options(), {.name = "marked transform"}), a.x, a.y, [](double v) { return v + 1; });
    pl::inclusive_scan(pl::examined(pl::options().threads(2), {.name = "marked scan"}), a.x, a.y);
    pl::stencil_steps(pl::examined(pl::options(), {.name = "marked steps"}), pl::view(a.x.data(), rows, columns),
                      a.out(), 3, average, pl::border::nearest());
    const auto made = pl::make_array<double>(pl::examined(pl::options(), {.name = "marked array"}), elements);
    CHECK(made.size() == static_cast<std::size_t>(elements));
  }
  struct expectation {
    const char* name;
    index_t iterations;
  };
  for (const auto& [name, iterations] :
       {expectation{"marked transform", elements}, expectation{"marked scan", elements},
        expectation{"marked steps", 3 * elements}, expectation{"marked array", elements}}) {
    CAPTURE(name);
    const auto f = figures_of(name);
    CHECK(f.calls == calls);
    CHECK(f.iterations == static_cast<double>(iterations));
    CHECK(f.shared == calls);
    CHECK(f.participants <= 2);
    CHECK(f.serial > 0);
    // CPU time in chunks, per element over all loops: not more than the threads had.
    CHECK(f.work > 0);
    if (!test::under_sanitizer) CHECK(f.serial_work <= 3 * f.serial);
  }
  pl::fill(pl::examined(pl::options().threads(1)), a.x, 0.0);
  CHECK(pl::doctor_report().find("options.cpp:" + std::to_string(__LINE__ - 1)) != std::string::npos);
}

TEST_CASE("options hold on every backend") {
  const test::watchdog guard(180, "options on every backend");
  test::on_every_backend([](pl::backend& b) {
    std::vector<std::int64_t> x(30'000, 1), y(x.size());
    index_t last = 0;
    const std::stop_source source;
    const auto how = pl::options().threads(2).grain(100).stop(source.get_token()).progress([&](index_t done, index_t) {
      last = done;
    });
    CHECK(pl::transform(b, how, x, y, [](std::int64_t v) { return 2 * v; }).complete());
    CHECK(last == 30'000);
    CHECK(pl::inclusive_scan(b, how, y, y).complete());
    CHECK((last == 30'000 && y.back() == 60'000));
    std::stop_source now;
    const auto stopped = pl::generate(b, how.stop(now.get_token()), y, [&](index_t i) {
      now.request_stop();
      return i;
    });
    CHECK(stopped.ran > 0);
    CHECK(stopped.ran < 30'000);
  });
}
