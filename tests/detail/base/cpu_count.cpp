// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How many CPUs a process may use whose control group's files are made up.
#include <parloop/detail/base/cpu_count.hpp>
#include <string>

#include "../../catch.hpp"
#include "group_tree.hpp"

namespace d = parloop::detail;

TEST_CASE("a quota between whole CPUs is rounded up, and does not exceed the affinity mask") {
  const int affinity = d::affinity_count();
  struct row {
    const char* limit;
    double quota;
    int usable;
  };
  for (const row& r : {row{"10000 100000\n", 0.1, 1}, row{"100000 100000\n", 1, 1}, row{"110000 100000\n", 1.1, 2},
                       row{"175000 100000\n", 1.75, 2}, row{"200000 100000\n", 2, 2},
                       row{"409600000 100000\n", 4096, 4096}, row{"max 100000\n", 0, affinity}}) {
    CAPTURE(r.limit);
    test::group_tree t;
    test::v2(t, "/a").file("/sys/fs/cgroup/a/cpu.max", r.limit);
    const d::cpus found = d::cpu_count(t.root().c_str());
    CHECK(found.quota == r.quota);
    CHECK(found.affinity == affinity);
    CHECK(found.usable == d::smaller(r.usable, affinity));
  }
}

TEST_CASE("a quota that changes is seen by who asks again") {
  test::group_tree t;
  test::v1(t, "/a").file("/sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000\n");
  for (const int quota : {50'000, 150'000, -1, 100'000}) {
    t.file("/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", std::to_string(quota) + "\n");
    const d::cpus found = d::cpu_count(t.root().c_str());
    CHECK(found.quota == (quota < 0 ? 0 : quota / 1e5));
    CHECK(found.usable == (quota < 0 ? found.affinity : d::smaller((quota + 99'999) / 100'000, found.affinity)));
  }
}
