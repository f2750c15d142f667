// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Programs that must not compile, one a CASE; the messages that they must give stand in tests/CMakeLists.txt.
#include <string>
#include <vector>

#include <parloop/parloop.hpp>

namespace pl = parloop;
using pl::index_t;

int main() {
  std::vector<int> v(10);
#if CASE == 0
  pl::parallel_for(pl::prange(10), [](index_t) {});
  pl::parallel_for(pl::grid(2, 5), [](index_t, index_t) {});
  pl::parallel_for(pl::grid(2, 5, 7), [](index_t, index_t, index_t) {});
  pl::parallel_for_chunks(pl::prange(10), [](index_t, index_t) {});
  pl::parallel_for(v, [](int&) {});
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
#endif
}
