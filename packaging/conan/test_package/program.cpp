// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include <parloop/parloop.hpp>
#include <vector>

int main() {
  std::vector<int> v(1000);
  parloop::parallel_for(v, [](int& x) { x = 1; });
  int sum = 0;
  for (const int x : v) sum += x;
  return sum == 1000 ? 0 : 1;
}
