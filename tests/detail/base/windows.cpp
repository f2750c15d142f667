// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Windows' own header beside the library's declarations, before and after; CPUs by affinity and job; thread names.
#include <parloop/detail/base/windows.hpp>
// in this order, not clang-format's
#undef NOMINMAX  // which libstdc++ defines
#include <windows.h>
#include <parloop/algorithm/parallel_sort.hpp>
#include <parloop/backend/checked.hpp>
#include <parloop/backend/traced.hpp>
#include <parloop/examined.hpp>
#include <parloop/parloop.hpp>

#include "../../catch.hpp"
#include "../../support.hpp"

namespace d = parloop::detail;

TEST_CASE("threads are counted by the process's affinity") {
  DWORD_PTR own = 0;
  DWORD_PTR machine = 0;
  REQUIRE(GetProcessAffinityMask(GetCurrentProcess(), &own, &machine) != 0);
  CHECK(d::affinity_count() == d::windows::count_bits(own));
  REQUIRE(SetProcessAffinityMask(GetCurrentProcess(), own & (0 - own)) != 0);
  CHECK(d::affinity_count() == 1);
  CHECK(d::cpu_count().usable == 1);
  REQUIRE(SetProcessAffinityMask(GetCurrentProcess(), own) != 0);
}

TEST_CASE("a job's rate is a number of CPUs") {
  CHECK(d::windows::job_cpus(0, 5'000, 8) == 0);                    // not enabled
  CHECK(d::windows::job_cpus(1, 5'000, 8) == 0);                    // no hard cap: may use what nobody wants
  CHECK(d::windows::job_cpus(1 | 4, 5'000, 8) == 4);                // half of eight
  CHECK(d::windows::job_cpus(1 | 4, 10'000, 8) == 0);               // all
  CHECK(d::windows::job_cpus(1 | 16, 2'500U << 16 | 100, 8) == 2);  // at least 1 %, at most a quarter
  CHECK(d::windows::job_limit() == 0);                              // this process is in none
}

TEST_CASE("waits use the system's calls") { CHECK(d::windows::has_address_calls()); }

TEST_CASE("milliseconds are rounded up, and capped") {
  CHECK(d::windows::milliseconds(std::chrono::nanoseconds(0)) == 0);
  CHECK(d::windows::milliseconds(std::chrono::nanoseconds(1)) == 1);
  CHECK(d::windows::milliseconds(std::chrono::milliseconds(7)) == 7);
  CHECK(d::windows::milliseconds(std::chrono::hours(10'000)) == 0x7fffffff);
}

TEST_CASE("the program itself is not pinned, and that does no harm") {
  static const int in_the_program = 0;
  d::windows::keep_loaded(&in_the_program);
  d::windows::name_this_thread(L"test");
  CHECK(GetModuleHandleA(nullptr) != nullptr);
}
