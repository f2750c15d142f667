// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// ways [refuse]: one loop of each kind on each backend, for the ways in which programs are built: without exceptions,
/// without RTTI, in other standards. With `refuse` it asks for what is refused: an exception, or the end.
#include <cstdio>
#include <functional>
#include <parloop/algorithm/parallel_sort.hpp>
#include <parloop/backend/checked.hpp>
#include <parloop/backend/traced.hpp>
#include <parloop/examined.hpp>
#include <parloop/parloop.hpp>
#include <vector>

namespace pl = parloop;

namespace {

int failed = 0;

void check(const char* what, bool holds) {
  if (holds) return;
  std::printf("wrong: %s\n", what);
  failed = 1;
}

void loops(pl::backend& b) {
  constexpr pl::index_t n = 5'000;
  std::vector<pl::index_t> squares(n);
  pl::parallel_for(b, pl::prange(n).grain(1), [&](pl::index_t i) { squares[static_cast<std::size_t>(i)] = i * i; });
  check("parallel_for", squares[77] == 77 * 77 && squares[n - 1] == (n - 1) * (n - 1));
  const pl::index_t sum =
      pl::parallel_reduce(b, pl::prange(n), pl::index_t{0}, std::plus<>(), [](pl::index_t i) { return i; });
  check("parallel_reduce", sum == n * (n - 1) / 2);
  std::vector<pl::index_t> sums(n);
  pl::inclusive_scan(b, squares, sums, std::plus<>());
  check("inclusive_scan", sums[3] == 0 + 1 + 4 + 9);
  std::vector<pl::index_t> doubled(n);
  pl::transform(b, squares, doubled, [](pl::index_t x) { return 2 * x; });
  check("transform", doubled[9] == 162);
  pl::parallel_sort(b, doubled, std::greater<>());
  check("parallel_sort", doubled[n - 1] == 0 && doubled[n - 2] == 2);
}

}  // namespace

int main(int argc, char**) {
  if (argc > 1) return static_cast<int>(pl::view<int, 1>(nullptr, -argc).size());
  pl::thread_pool pool({.threads = 3});
  pl::work_stealing stealing({.threads = 3});
  pl::workqueue queue({.threads = 3});
  pl::checked checked(pool);
  pl::traced traced(pool);
  for (pl::backend* const b :
       {static_cast<pl::backend*>(&pool), static_cast<pl::backend*>(&stealing), static_cast<pl::backend*>(&queue),
        static_cast<pl::backend*>(&checked), static_cast<pl::backend*>(&traced)}) {
    loops(*b);
  }
  pl::parallel_for(pl::examined(pl::prange(9)), [](pl::index_t) {});
  check("launch", pl::launch([] { return 6 * 7; }).wait() == 42);
  std::vector<int> members(3);
  pl::team(3, [&](pl::member& me) {
    members[static_cast<std::size_t>(me.number())] = 1;
    me.barrier();
    check("team", members == std::vector<int>{1, 1, 1});
  });
  return failed;
}
