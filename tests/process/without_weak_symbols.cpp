// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Compiled with -U__ELF__, as for systems without weak symbols: this file does not include backend/openmp.hpp, and
/// finds that backend by its name all the same, as the other file does.
#include <cstdio>
#include <parloop/parloop.hpp>
#include <stdexcept>

namespace pl = parloop;

int main() {
  const auto b = pl::make_backend("openmp", {.threads = 2});
  const auto sum = pl::parallel_sum(*b, pl::prange(1000), [](pl::index_t i) { return i; });
  bool refused = false;
  try {
    (void)pl::make_backend("tbb");
  } catch (const std::invalid_argument&) {
    refused = true;
  }
  std::printf("%s, sum %lld, tbb %s\n", std::string(b->name()).c_str(), static_cast<long long>(sum),
              refused ? "refused" : "made");
  return b->name() == "openmp" && sum == 499500 && refused ? 0 : 1;
}
