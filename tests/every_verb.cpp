// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Every verb on the backends of other libraries, also checked, against the serial one: the same to the last bit. What
/// the verbs do in detail is tested on the library's own backends.
#include <algorithm>
#include <array>
#include <atomic>
#include <numeric>
#include <parloop/backend/checked.hpp>
#include <parloop/parloop.hpp>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

#include "backends.hpp"
#include "catch.hpp"
#include "conformance.hpp"
#include "support.hpp"

namespace pl = parloop;
using pl::index_t;

namespace {

constexpr index_t sizes[] = {0, 1, 2, 997, 100'003};

/// What all verbs make of arrays of `n` elements.
std::vector<double> results_of_all_verbs(pl::backend& b, index_t n) {
  std::vector<double> all;
  const auto keep = [&all](const auto& values) { all.insert(all.end(), values.begin(), values.end()); };
  std::vector<double> x(static_cast<std::size_t>(n)), y(x), z(x);
  pl::generate(b, x, test::mixed);
  pl::fill(b, y, 3);
  pl::transform(b, x, y, z, [](double u, double v) { return u / v; });
  keep(z);
  pl::copy(b, x, y);
  pl::parallel_for(b, y, [](double& v) { v *= 2; });
  pl::parallel_for(b, pl::prange(n).grain(16), [&](index_t i) { z[static_cast<std::size_t>(i)] += 1; });
  pl::parallel_for_chunks(b, pl::prange(n), [&](index_t begin, index_t end) {
    for (index_t i = begin; i < end; ++i) z[static_cast<std::size_t>(i)] += 1;
  });
  keep(y);
  keep(z);
  const auto value = [&](index_t i) { return x[static_cast<std::size_t>(i)]; };
  keep(std::array{pl::parallel_sum(b, pl::prange(n), value),
                  pl::parallel_reduce(b, pl::prange(n), 0.0, std::plus<>(), value)});
  if (n > 0) {
    const auto least = pl::parallel_argmin(b, pl::prange(n), value);
    keep(std::array{pl::parallel_min(b, pl::prange(n), value), pl::parallel_max(b, pl::prange(n), value), least.value,
                    static_cast<double>(least.index)});
  }
  keep(pl::parallel_map(b, x, [](double v) { return v - 1; }));
  pl::inclusive_scan(b, x, y);
  pl::exclusive_scan(b, x, z, 1.0);
  keep(y);
  keep(z);
  pl::stencil(
      b, pl::view(x.data(), n), pl::view(y.data(), n), [](auto at) { return at(-1) + at(1); }, pl::border::reflect());
  pl::for_each_row(
      b, [](std::span<double> row, double by) { row[0] *= by; }, pl::view(z.data(), n, 1), 3.0);
  keep(y);
  keep(z);
  keep(pl::make_array<double>(b, n, test::mixed));
  // The same words on all of them, none of which may change a bit.
  const auto how = pl::options().threads(2).grain(16);
  pl::generate(b, how, x, test::mixed);
  pl::fill(b, how, y, 3);
  pl::transform(b, how, x, y, z, [](double u, double v) { return u * v; });
  pl::copy(b, how, x, y);
  pl::parallel_for(b, how, y, [](double& v) { v *= 2; });
  keep(y);
  keep(z);
  pl::inclusive_scan(b, how, x, y);
  pl::exclusive_scan(b, how, x, z, 1.0);
  keep(y);
  keep(z);
  pl::stencil(
      b, how, pl::view(x.data(), n), pl::view(y.data(), n), [](auto at) { return at(-1) + at(1); },
      pl::border::nearest());
  pl::for_each_row(
      b, how, [](std::span<double> row, double by) { row[0] *= by; }, pl::view(z.data(), n, 1), 5.0);
  keep(y);
  keep(z);
  keep(pl::make_array<double>(b, how, n, test::mixed));
  keep(pl::parallel_map(b, how, x, [](double v) { return v + 1; }));
  pl::parallel_for(
      b, pl::prange(n), [] { return 0.0; },
      [&](index_t i, double& scratch) { y[static_cast<std::size_t>(i)] = scratch = static_cast<double>(i); });
  pl::parallel_invoke(
      b, [&] { x.assign(3, 1.0); }, [&] { z.assign(5, 2.0); });
  keep(x);
  keep(y);
  keep(z);
  return all;
}

/// Calls check(backend) for every candidate, made to share every loop; as it is, and watched.
template <class Check>
void on_all(Check check) {
  for (const test::candidate& c : test::candidates) {
    const test::watchdog guard(120, c.name);
    const auto b = c.make(4);
    INFO(c.name);
    conformance::eager shared(*b);
    check(shared);
    pl::checked watched(*b);
    conformance::eager watched_and_shared(watched);
    check(watched_and_shared);
  }
}

}  // namespace

TEST_CASE("every verb gives the serial backend's bits") {
  pl::serial reference;
  for (const index_t n : sizes) {
    const std::vector<double> expected = results_of_all_verbs(reference, n);
    on_all([&](pl::backend& b) { CHECK(results_of_all_verbs(b, n) == expected); });
  }
}

TEST_CASE("what is thrown arrives, and loops can be stopped and watched") {
  on_all([](pl::backend& b) {
    std::vector<double> x(1000, 1.0);
    const auto fails = [](double v) -> double { return v == 1.0 ? throw std::range_error("value") : v; };
    CHECK_THROWS_AS(pl::transform(b, x, x, fails), std::range_error);
    CHECK_THROWS_AS(pl::parallel_map(b, x, fails), std::range_error);
    CHECK_THROWS_AS(pl::inclusive_scan(b, x, x, [&](double u, double) { return fails(u); }), std::range_error);
    test::random_source random(1);
    for (std::int64_t round = 0; round < test::rounds(200); ++round) {
      const index_t n = 1 + random.below(300), at = random.below(n);
      std::stop_source source;
      std::atomic<index_t> ran{0};
      index_t told = 0;
      const auto range = pl::prange(n).stop(source.get_token()).progress([&](index_t done, index_t) { told = done; });
      const pl::loop_result result = pl::parallel_for(b, range, [&](index_t i) {
        ++ran;
        if (i == at) source.request_stop();
      });
      const bool good = result.ran == ran && result.total == n && told <= ran;
      CHECK(good);
      std::stop_source other;
      told = 0;
      std::vector<double> y(static_cast<std::size_t>(n), -1.0);
      const auto how = pl::options().stop(other.get_token()).progress([&](index_t done, index_t) { told = done; });
      const pl::loop_result written = pl::generate(b, how, y, [&](index_t i) {
        if (i == at) other.request_stop();
        return static_cast<double>(i);
      });
      CHECK(written.ran == n - std::count(y.begin(), y.end(), -1.0));
      CHECK((told <= written.ran && y[static_cast<std::size_t>(at)] == static_cast<double>(at)));
    }
  });
}
