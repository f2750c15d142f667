// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// std::execution::par on this library's threads: the results of the serial algorithms, the same sums on any number of
/// threads, nested in a loop, and silent.
#include <parloop/plug/std_execution.hpp>
// Before any other header.
#include <deque>
#include <execution>
#include <functional>
#include <numeric>
#include <string>

#include "plug_test.hpp"

namespace pl = parloop;

namespace {

constexpr auto par = std::execution::par;
using ints = std::vector<int>;

void check(bool good, const char* what, std::size_t n) {
  if (good) return;
  std::printf("%zu elements, %s\n", n, what);
  test::require(false, "the result of the serial algorithm");
}

ints input(std::size_t n, unsigned key) {
  ints x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<int>(pl::uniform2(key, static_cast<pl::index_t>(i)).x * 5000);
  return x;
}

struct keyed {
  int key;
  int place;
  bool operator==(const keyed&) const = default;
};

struct changing_less {
  int calls = 0;
  bool operator()(int a, int b) { return ++calls > 0 && a < b; }
};

void compare_with_serial(std::size_t n) {
  const ints x = input(n, 3);
  const auto is_small = [](int v) { return v < 1700; };
  const auto is_odd = [](int v) { return v % 2 != 0; };
  ints a(n);
  ints b(n);
  std::for_each(par, a.begin(), a.end(), [](int& v) { v = 7; });
  check(std::count(a.begin(), a.end(), 7) == static_cast<std::ptrdiff_t>(n), "for_each", n);
  std::transform(par, x.begin(), x.end(), a.begin(), [](int v) { return 3 * v; });
  std::transform(x.begin(), x.end(), b.begin(), [](int v) { return 3 * v; });
  check(a == b, "transform", n);
  check(std::reduce(par, x.begin(), x.end(), 5) == std::accumulate(x.begin(), x.end(), 5), "reduce", n);
  const std::multiplies<> times;
  const std::plus<> plus;
  check(std::transform_reduce(par, x.begin(), x.end(), a.begin(), 1L, plus, times) ==
            std::transform_reduce(x.begin(), x.end(), a.begin(), 1L, plus, times),
        "transform_reduce", n);
  check(std::count_if(par, x.begin(), x.end(), is_odd) == std::count_if(x.begin(), x.end(), is_odd), "count_if", n);
  check(std::find(par, x.begin(), x.end(), 4999) == std::find(x.begin(), x.end(), 4999), "find", n);
  check(std::any_of(par, x.begin(), x.end(), [](int v) { return v == 4998; }) ==
            std::any_of(x.begin(), x.end(), [](int v) { return v == 4998; }),
        "any_of", n);
  check(std::min_element(par, x.begin(), x.end()) == std::min_element(x.begin(), x.end()), "min_element", n);
  check(std::minmax_element(par, x.begin(), x.end()) == std::minmax_element(x.begin(), x.end()), "minmax_element", n);
  check(std::is_sorted(par, x.begin(), x.end()) == std::is_sorted(x.begin(), x.end()), "is_sorted", n);

  std::inclusive_scan(par, x.begin(), x.end(), a.begin());
  std::inclusive_scan(x.begin(), x.end(), b.begin());
  check(a == b, "inclusive_scan", n);
  std::exclusive_scan(par, x.begin(), x.end(), a.begin(), 9);
  std::exclusive_scan(x.begin(), x.end(), b.begin(), 9);
  check(a == b, "exclusive_scan", n);
  std::transform_inclusive_scan(par, x.begin(), x.end(), a.begin(), std::plus<>(), [](int v) { return v % 10; });
  std::transform_inclusive_scan(x.begin(), x.end(), b.begin(), std::plus<>(), [](int v) { return v % 10; });
  check(a == b, "transform_inclusive_scan", n);
  // An operation for which order counts.
  std::vector<std::string> words(n < 3000 ? n : 3000);
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = static_cast<char>('a' + x[i] % 26);
  check(std::reduce(par, words.begin(), words.end(), std::string("=")) ==
            std::accumulate(words.begin(), words.end(), std::string("=")),
        "reduce in order", n);
  std::vector<std::string> scanned(words.size());
  std::vector<std::string> expected(words.size());
  std::inclusive_scan(par, words.begin(), words.end(), scanned.begin());
  std::inclusive_scan(words.begin(), words.end(), expected.begin());
  check(scanned == expected, "inclusive_scan in order", n);

  a.assign(n, -1);
  b.assign(n, -1);
  a.erase(std::copy_if(par, x.begin(), x.end(), a.begin(), is_small), a.end());
  b.erase(std::copy_if(x.begin(), x.end(), b.begin(), is_small), b.end());
  check(a == b, "copy_if", n);
  a = b = x;
  a.erase(std::remove_if(par, a.begin(), a.end(), is_small), a.end());
  b.erase(std::remove_if(b.begin(), b.end(), is_small), b.end());
  check(a == b, "remove_if", n);
  a = b = x;
  std::stable_partition(par, a.begin(), a.end(), is_odd);
  std::stable_partition(b.begin(), b.end(), is_odd);
  check(a == b, "stable_partition", n);

  a = b = x;
  std::sort(par, a.begin(), a.end());
  std::sort(b.begin(), b.end());
  check(a == b, "sort", n);
  a.erase(std::unique(par, a.begin(), a.end()), a.end());
  b.erase(std::unique(b.begin(), b.end()), b.end());
  check(a == b, "unique", n);
  std::deque<int> on_deque(x.begin(), x.end());
  std::sort(par, on_deque.begin(), on_deque.end(), std::greater<>());
  b = x;
  std::sort(b.begin(), b.end(), std::greater<>());
  check(std::equal(b.begin(), b.end(), on_deque.begin()), "sort of a deque", n);
  std::vector<keyed> keys(n);
  for (std::size_t i = 0; i < n; ++i) keys[i] = {x[i] % 50, static_cast<int>(i)};
  std::vector<keyed> same = keys;
  const auto by_key = [](const keyed& v, const keyed& w) { return v.key < w.key; };
  std::stable_sort(par, keys.begin(), keys.end(), by_key);
  std::stable_sort(same.begin(), same.end(), by_key);
  check(keys == same, "stable_sort", n);
  for (const std::size_t first : {n / 3, n < 40 ? n : std::size_t{40}}) {
    a = b = x;
    const auto k = static_cast<std::ptrdiff_t>(first);
    std::partial_sort(par, a.begin(), a.begin() + k, a.end());
    std::sort(b.begin(), b.end());
    check(std::equal(a.begin(), a.begin() + k, b.begin()), "partial_sort", n);
    std::sort(a.begin(), a.end());
    check(a == b, "partial_sort loses nothing", n);
    ints smallest(first);
    std::partial_sort_copy(par, x.begin(), x.end(), smallest.begin(), smallest.end());
    check(std::equal(smallest.begin(), smallest.end(), b.begin()), "partial_sort_copy", n);
  }
  a = x;
  b = x;
  std::nth_element(par, a.begin(), a.begin() + static_cast<std::ptrdiff_t>(n / 2), a.end());
  std::sort(b.begin(), b.end());
  check(n == 0 || a[n / 2] == b[n / 2], "nth_element", n);

  ints left = x;
  ints right = input(2 * n / 3, 4);
  std::sort(left.begin(), left.end());
  std::sort(right.begin(), right.end());
  a.assign(n + right.size(), 0);
  b = a;
  std::merge(par, left.begin(), left.end(), right.begin(), right.end(), a.begin());
  std::merge(left.begin(), left.end(), right.begin(), right.end(), b.begin());
  check(a == b, "merge", n);
  const changing_less changing;
  a.assign(a.size(), 0);
  std::merge(par, left.begin(), left.end(), right.begin(), right.end(), a.begin(), changing);
  check(a == b, "merge by a comparison that changes itself", n);
  right = x;
  std::sort(par, right.begin(), right.end(), changing);
  check(right == left, "sort by a comparison that changes itself", n);
  right = input(2 * n / 3, 4);
  std::sort(right.begin(), right.end());
  a.erase(std::set_union(par, left.begin(), left.end(), right.begin(), right.end(), a.begin()), a.end());
  b.erase(std::set_union(left.begin(), left.end(), right.begin(), right.end(), b.begin()), b.end());
  check(a == b, "set_union", n);
  a = b = x;
  const auto middle = static_cast<std::ptrdiff_t>(n / 2);
  std::sort(a.begin(), a.begin() + middle);
  std::sort(a.begin() + middle, a.end());
  std::inplace_merge(par, a.begin(), a.begin() + middle, a.end());
  std::sort(b.begin(), b.end());
  check(a == b, "inplace_merge", n);
  a = b = x;
  std::rotate(par, a.begin(), a.begin() + middle, a.end());
  std::rotate(b.begin(), b.begin() + middle, b.end());
  check(a == b, "rotate", n);
}

double sum_of(const std::vector<double>& x) {
  std::vector<double> scanned(x.size());
  std::inclusive_scan(par, x.begin(), x.end(), scanned.begin());
  return scanned.back() + std::reduce(par, x.begin(), x.end()) +
         std::transform_reduce(par, x.begin(), x.end(), x.begin(), 0.0);
}

}  // namespace

int main() {
  const test::watchdog guard(180, "std_execution");
  std::vector<double> x(300000);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = pl::uniform2(1, static_cast<pl::index_t>(i)).x;
  double expected = 0;
  for (const int width : {1, 2, 4}) {
    test::counted_pool pool(width);
    const int before = test::threads_of_process();
    for (const int n : {0, 1, 2, 3, 7, 8, 9, 33, 1000, 1024, 1025, 20000, 100003}) {
      compare_with_serial(static_cast<std::size_t>(n));
    }
    test::require(width == 1 || pool.asked() > 0, "algorithms run on the pool");
    if (width == 1) expected = sum_of(x);
    for (int round = 0; round < 20; ++round) {
      if (sum_of(x) != expected) test::require(false, "the same sums in every run");
    }
    pl::parallel_for(pl::prange(8).grain(1), [&](pl::index_t i) {
      if (sum_of(x) != expected) test::require(false, "the same sums, nested");
      compare_with_serial(static_cast<std::size_t>(1000 * i));
    });
    std::vector<int> every(100, 0);
    std::for_each(par, every.begin(), every.end(), [&](int& one) {
      one = std::reduce(std::execution::par_unseq, x.begin(), x.begin() + 5000) > 0 ? 1 : 0;
    });
    test::require(std::count(every.begin(), every.end(), 1) == 100, "algorithms in algorithms");
    test::require(test::threads_of_process() <= before + width - 1, "no threads but the pool's");
    if (width == 4) test::require_silence([&] { (void)sum_of(x); });
  }
}
