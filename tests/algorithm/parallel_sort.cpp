// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// parallel_sort and parallel_stable_sort against the standard's, on several backends.
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <parloop/algorithm/parallel_sort.hpp>
#include <parloop/parloop.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "catch.hpp"

namespace pl = parloop;

namespace {

struct keyed {
  int key;
  int place;
  friend bool operator==(const keyed&, const keyed&) = default;
};
const auto by_key = [](const keyed& a, const keyed& b) { return a.key < b.key; };

std::vector<keyed> input(std::size_t n, int keys) {
  std::vector<keyed> x(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double random = pl::uniform2(n, static_cast<pl::index_t>(i)).x;
    x[i] = {static_cast<int>(random * keys), static_cast<int>(i)};
  }
  return x;
}

}  // namespace

TEST_CASE("sorted as by the standard, stable where it is said, the same on every backend") {
  pl::thread_pool pool({.threads = 4});
  pl::work_stealing stealing({.threads = 3});
  pl::serial serial;
  for (const std::size_t n : {0, 1, 2, 100, 8191, 8192, 8193, 100003, 600000}) {
    for (const int keys : {1, 7, 1000000}) {
      const auto x = input(n, keys);
      auto expected = x;
      std::stable_sort(expected.begin(), expected.end(), by_key);
      auto unstable = x;
      pl::parallel_sort(serial, unstable, by_key);
      REQUIRE(std::is_sorted(unstable.begin(), unstable.end(), by_key));
      for (pl::backend* b : {static_cast<pl::backend*>(&pool), static_cast<pl::backend*>(&stealing),
                             static_cast<pl::backend*>(&serial)}) {
        auto seen = x;
        pl::parallel_stable_sort(*b, seen, by_key);
        REQUIRE(seen == expected);
        seen = x;
        pl::parallel_sort(*b, seen, by_key);
        REQUIRE(seen == unstable);
      }
      auto again = unstable;
      std::sort(again.begin(), again.end(), [](const keyed& a, const keyed& b) { return a.place < b.place; });
      REQUIRE(again == x);  // nothing is lost
    }
  }
}

TEST_CASE("elements that can only be moved, strings, arrays and other orders") {
  std::vector<std::unique_ptr<int>> pointers;
  for (int i = 0; i < 50000; ++i) pointers.push_back(std::make_unique<int>(i * 7919 % 50000));
  pl::parallel_sort(pointers, [](const auto& a, const auto& b) { return *a < *b; });
  for (int i = 0; i < 50000; ++i) REQUIRE(*pointers[static_cast<std::size_t>(i)] == i);

  std::vector<std::string> texts;
  for (int i = 0; i < 40000; ++i)
    texts.push_back("a text that is too long to lie in the string " + std::to_string(i * 31 % 40000));
  auto expected = texts;
  std::sort(expected.begin(), expected.end(), std::greater<>());
  pl::parallel_sort(texts, std::greater<>());
  REQUIRE(texts == expected);

  static int array[20000];
  for (int i = 0; i < 20000; ++i) array[i] = -i;
  pl::parallel_stable_sort(array);
  REQUIRE(std::is_sorted(std::begin(array), std::end(array)));
}

TEST_CASE("every small size") {
  for (std::size_t n = 0; n <= 1000; ++n) {
    const auto x = input(n, 50);
    auto expected = x;
    std::stable_sort(expected.begin(), expected.end(), by_key);
    auto seen = x;
    pl::parallel_stable_sort(seen, by_key);
    REQUIRE(seen == expected);
    seen = x;
    pl::parallel_sort(seen, [](const keyed& a, const keyed& b) { return a.place > b.place; });
    std::reverse(seen.begin(), seen.end());
    REQUIRE(seen == x);
  }
}

namespace {

/// Sorts with a comparison that throws once, at the k-th time that two elements meet that began in different blocks;
/// x is to have all of its elements afterwards. False if they did not meet so often.
template <class Element, class KeyOf, class Sort>
bool loses_nothing_at(int k, std::vector<Element> x, const KeyOf& key_of, const Sort& sort) {
  const int far = static_cast<int>(x.size()) / 8;  // blocks are half as large
  std::atomic<int> left{k};
  const auto less = [&](const Element& a, const Element& b) {
    if (std::abs(key_of(a).place - key_of(b).place) > far && --left == 0) throw std::runtime_error("no");
    return key_of(a).key < key_of(b).key;
  };
  bool threw = false;
  try {
    sort(x, less);
  } catch (const std::runtime_error&) {
    threw = true;
  }
  std::vector<char> has(x.size(), 0);
  for (const Element& e : x) has[static_cast<std::size_t>(key_of(e).place)] = 1;
  REQUIRE(std::count(has.begin(), has.end(), 1) == static_cast<std::ptrdiff_t>(x.size()));
  return threw;
}

}  // namespace

TEST_CASE("where blocks are merged, an exception of the comparison loses no element") {
  pl::thread_pool pool({.threads = 4});
  const auto x = input(100003, 1000000);
  const auto pointers = [&] {
    std::vector<std::unique_ptr<keyed>> of;
    for (const keyed& e : x) of.push_back(std::make_unique<keyed>(e));
    return of;
  };
  static const keyed lost{0, 0};
  const auto itself = [](const keyed& e) { return e; };
  const auto what_it_holds = [](const std::unique_ptr<keyed>& e) { return e == nullptr ? lost : *e; };
  int threw = 0;
  for (const int k : {1, 2, 3, 10, 30, 100, 300, 1000, 3000, 10000, 30000, 100000}) {
    for (pl::backend* b : {static_cast<pl::backend*>(&pool), &pl::default_backend()}) {
      const auto unstable = [&](auto& y, const auto& less) { pl::parallel_sort(*b, y, less); };
      const auto stable = [&](auto& y, const auto& less) { pl::parallel_stable_sort(*b, y, less); };
      threw += loses_nothing_at(k, x, itself, unstable) ? 1 : 0;
      threw += loses_nothing_at(k, x, itself, stable) ? 1 : 0;
      threw += loses_nothing_at(k, pointers(), what_it_holds, unstable) ? 1 : 0;
      threw += loses_nothing_at(k, pointers(), what_it_holds, stable) ? 1 : 0;
    }
  }
  REQUIRE(threw == 12 * 2 * 4);
}

TEST_CASE("an exception of the comparison is rethrown") {
  std::vector<int> x(100000);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<int>(i * 7919 % 100000);
  REQUIRE_THROWS_AS(pl::parallel_sort(x,
                                      [](int a, int b) {
                                        if (a == 99999 || b == 99999) throw std::runtime_error("no");
                                        return a < b;
                                      }),
                    std::runtime_error);
  REQUIRE(x.size() == 100000);
}
