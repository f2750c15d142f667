// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Programs that must not compile, one a CASE; the messages that they must give stand in tests/CMakeLists.txt.
#include <list>
#include <map>
#include <parloop/parloop.hpp>
#include <string>
#include <vector>
#if CASE == 125
#include <parloop/progress_bar.hpp>
#elif CASE == 217
#include <stop_token>
#endif

namespace pl = parloop;
using pl::index_t;

int main() {
  std::vector<int> v(10);
  [[maybe_unused]] const auto plus = [](double a, double b) { return a + b; };
  [[maybe_unused]] pl::serial pool;
  [[maybe_unused]] const auto one = [](index_t) { return 1.0; };
#if CASE == 0
  pl::parallel_for(pl::prange(10), [](index_t) {});
  pl::parallel_for(pl::grid(2, 5), [](index_t, index_t) {});
  pl::parallel_for(pl::grid(2, 5, 7), [](index_t, index_t, index_t) {});
  pl::parallel_for_chunks(pl::prange(10), [](index_t, index_t) {});
  pl::parallel_for(v, [](int&) {});
  (void)pl::parallel_reduce(
      pl::prange(10), 0.0, [](double a, double b) { return a + b; }, [](index_t) { return 1; });
  (void)pl::parallel_sum(pl::grid(2, 5), [](index_t, index_t) { return 1.0; });
  (void)pl::parallel_argmin(pl::grid(2, 5, 7), [](index_t, index_t, index_t) { return 1.0; });
  (void)pl::make_array<double>(10, [](index_t i) { return i; });
  pl::exclusive_scan(v, v, 0);
  pl::inclusive_scan(v, v, [](int a, int b) { return a < b ? b : a; });
  pl::stencil(
      pl::view(v.data(), 5), pl::view(v.data() + 5, 5), [](auto at) { return at(-1) + at(1); }, pl::border::nearest());
  pl::for_each_row([](auto, int) {}, pl::view(v.data(), 2, 5), 1);
  pl::fill(pool, pl::options().threads(2), v, 1);
#elif CASE == 1
  pl::parallel_for(pl::prange(10), [](index_t, index_t) {});
#elif CASE == 2
  pl::parallel_for(pl::grid(2, 5), [](index_t) {});
#elif CASE == 3
  pl::parallel_for(pl::grid(2, 5, 7), [](index_t, index_t) {});
#elif CASE == 4
  int sum = 0;
  pl::parallel_for(pl::prange(10), [sum](index_t i) mutable { sum += static_cast<int>(i); });
#elif CASE == 5
  pl::parallel_for(pl::prange(10), [](std::string) {});
#elif CASE == 6
  pl::parallel_for_chunks(pl::prange(10), [](index_t) {});
#elif CASE == 7
  pl::parallel_for(v, [](std::string&) {});
#elif CASE == 8
  pl::parallel_for(v.begin(), v.end(), [](int, int) {});
#elif CASE == 9
  (void)pl::prange(1.5);
#elif CASE == 10
  (void)pl::prange(true);
#elif CASE == 11
  pl::serial copy = pl::serial(pl::serial());
  pl::serial other(copy);
#elif CASE == 12
  pl::parallel_for(pl::serial(), pl::prange(10), [](index_t) {});
#elif CASE == 13
  pl::parallel_for(pl::prange(10), 5);
#elif CASE == 14
  (void)pl::parallel_reduce(pl::prange(10), 0.0, plus, [](index_t, index_t) { return 1.0; });
#elif CASE == 15
  (void)pl::parallel_reduce(pl::grid(2, 5), 0.0, plus, [](index_t) { return 1.0; });
#elif CASE == 16
  double calls = 0;
  (void)pl::parallel_reduce(pl::prange(10), 0.0, plus, [calls](index_t) mutable { return calls += 1; });
#elif CASE == 17
  (void)pl::parallel_reduce(
      pl::prange(10), 0.0, [](std::string a, std::string) { return a; }, one);
#elif CASE == 18
  (void)pl::parallel_reduce(
      pl::prange(10), 0.0, [](double, double) { return std::string(); }, one);
#elif CASE == 19
  (void)pl::parallel_reduce(
      pl::prange(10), 0.0, [](double) { return 1.0; }, one);
#elif CASE == 20
  (void)pl::parallel_reduce(
      pl::prange(10), 0.0, [](double& a, double b) { return a += b; }, one);
#elif CASE == 21
  double calls = 0;
  (void)pl::parallel_reduce(
      pl::prange(10), 0.0, [calls](double a, double) mutable { return calls += a; }, one);
#elif CASE == 22
  (void)pl::parallel_reduce(pl::prange(10), 0.0, plus, [](index_t) { return std::string(); });
#elif CASE == 23
  (void)pl::parallel_reduce(pl::prange(10), 0.0, plus, [](index_t) {});
#elif CASE == 24
  (void)pl::parallel_sum(pl::prange(10), [](index_t, index_t) { return 1.0; });
#elif CASE == 25
  (void)pl::parallel_sum(pl::grid(2, 5, 7), [](index_t, index_t) { return 1.0; });
#elif CASE == 26
  double calls = 0;
  (void)pl::parallel_sum(pl::prange(10), [calls](index_t) mutable { return calls += 1; });
#elif CASE == 27
  (void)pl::parallel_min(pl::prange(10), [](index_t, index_t) { return 1.0; });
#elif CASE == 28
  double calls = 0;
  (void)pl::parallel_max(pl::prange(10), [calls](index_t) mutable { return calls += 1; });
#elif CASE == 29
  (void)pl::parallel_argmin(pl::grid(2, 5), one);
#elif CASE == 30
  (void)pl::parallel_argmax(pl::prange(10), [](std::string) { return 1.0; });
#elif CASE == 60
  std::vector<bool> flags(10);
  pl::fill(flags, true);
#elif CASE == 61
  pl::transform(v, v, [](std::string) { return 1; });
#elif CASE == 62
  pl::transform(v, v, [](int) { return std::string(); });
#elif CASE == 63
  const std::vector<int> constant(10);
  pl::copy(v, constant);
#elif CASE == 64
  pl::transform(v, 5, [](int i) { return i; });
#elif CASE == 65
  int calls = 0;
  pl::generate(v, [calls](index_t) mutable { return ++calls; });
#elif CASE == 66
  (void)pl::prange(10).stop(5);
#elif CASE == 67
  (void)pl::prange(10).progress([](int) {});
#elif CASE == 68
  pl::parallel_for(
      pl::prange(10), [] { return 1; }, [](index_t) {});
#elif CASE == 69
  pl::parallel_for(
      pl::prange(10), [] {}, [](index_t, int&) {});
#elif CASE == 70
  (void)pl::parallel_map(v, [](int) {});
#elif CASE == 71
  (void)pl::parallel_map(v, [](std::string) { return 1; });
#elif CASE == 80
  pl::inclusive_scan(v, v, [](int a) { return a; });
#elif CASE == 81
  pl::inclusive_scan(std::vector<std::string>(10), v, [](int a, int) { return a; });
#elif CASE == 82
  const std::vector<int> constant(10);
  pl::exclusive_scan(v, constant, 0);
#elif CASE == 83
  const pl::view numbers(v.data(), 10);
  pl::stencil(
      numbers, numbers, [](int) { return 1; }, pl::border::nearest());
#elif CASE == 84
  const pl::view numbers(v.data(), 10);
  pl::stencil(
      numbers, numbers, [](auto) { return std::string(); }, pl::border::nearest());
#elif CASE == 85
  pl::for_each_row([](auto, auto) {}, pl::view(v.data(), 2, 5), pl::view(v.data(), 5));
#elif CASE == 86
  pl::for_each_row([](auto) {}, pl::view(v.data(), 2, 5), 1);
#elif CASE == 87
  pl::for_each_row([](auto) {}, std::string());
#elif CASE == 88
  (void)pl::options().stop(5);
#elif CASE == 89
  (void)pl::options().progress([](int) {});
#elif CASE == 90
  pl::fill(pl::prange(10).threads(2), v, 1);
#elif CASE == 91
  pl::transform(pool, pl::prange(10), v, v, [](int i) { return i; });
#elif CASE == 92
  pl::transform(
      v, v, [](int i) { return i; }, pl::options().threads(2));
#elif CASE == 93
  pl::inclusive_scan(pl::prange(10), v, v);
#elif CASE == 94
  (void)pl::make_array<double>(pl::prange(10), 10);
#elif CASE == 95
  pl::for_each_row(
      pl::prange(10), [](auto) {}, pl::view(v.data(), 2, 5));
#elif CASE == 120
  (void)pl::make_array<std::string>(10);
#elif CASE == 121
  (void)pl::make_array<const int>(10, 5);
#elif CASE == 122
  (void)pl::make_array<double>(10, std::string());
#elif CASE == 123
  double calls = 0;
  (void)pl::make_array<double>(10, [calls](index_t) mutable { return calls += 1; });
#elif CASE == 126
  std::vector<bool> flags(10);
  pl::parallel_for(flags, [](auto flag) { flag = true; });
#elif CASE == 124
  pl::parallel_invoke([] {}, [](int) {});
#elif CASE == 200
  pl::parallel_for(10, [](index_t) {});
#elif CASE == 201
  pl::parallel_for(0, v.size(), [](index_t) {});
#elif CASE == 202
  pl::parallel_for(0, 10, 2, [](index_t) {});
#elif CASE == 203
  pl::parallel_for(pool, 10, [](index_t) {});
#elif CASE == 204
  pl::parallel_for(pool, 0, 10, [](index_t) {});
#elif CASE == 205
  pl::parallel_for([](index_t) {}, pl::prange(10));
#elif CASE == 206
  pl::parallel_for(
      pool, [](index_t) {}, pl::prange(10).progress([](index_t, index_t) {}));
#elif CASE == 207
  std::list<int> list(10);
  pl::parallel_for(list, [](int&) {});
#elif CASE == 208
  std::map<int, int> map;
  pl::parallel_for(pool, map, [](auto&) {});
#elif CASE == 209
  std::list<int> list(10);
  pl::parallel_for(list.begin(), list.end(), [](int&) {});
#elif CASE == 210
  pl::parallel_for(pl::prange(0.0, 1.0), [](index_t) {});
#elif CASE == 211
  pl::parallel_for(pl::prange(0, 1, 0.1), [](index_t) {});
#elif CASE == 212
  const pl::view matrix(v, 2, 5);
#elif CASE == 213
  (void)pl::parallel_sum(pl::prange(10), [](index_t) {});
#elif CASE == 214
  (void)pl::parallel_min(pl::prange(10), [](index_t) {});
#elif CASE == 215
  (void)pl::parallel_argmax(pl::grid(2, 5), [](index_t, index_t) {});
#elif CASE == 216
  (void)pl::parallel_reduce(pl::prange(10), 0, plus, one);
#elif CASE == 217
  (void)pl::parallel_sum(pl::prange(10).stop(std::stop_token()), [](index_t) {});
#elif CASE == 218
  pl::parallel_for(pl::options().threads(2), pl::prange(10), [](index_t) {});
#elif CASE == 219
  pl::parallel_for(pool, pl::options().threads(2), pl::grid(2, 5), [](index_t, index_t) {});
#endif
}
