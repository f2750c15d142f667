// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The parsers of control groups' files, on text and on trees of files under a temporary directory.
#include <unistd.h>

#include <filesystem>
#include <parloop/detail/base/cgroup.hpp>
#include <string>

#include "../../catch.hpp"
#include "group_tree.hpp"

namespace cg = parloop::detail::cgroup;
namespace fs = std::filesystem;
using test::group_tree;
using test::v1;
using test::v2;

namespace {

std::int64_t cpus(const group_tree& t) { return cg::limit(t.root().c_str()).cpus(); }

/// The group in a line; empty when the line is about another.
std::string group(std::string line, cg::version v) {
  const char* const found = cg::group_in_line(line.data(), v);
  return found != nullptr ? found : "";
}

}  // namespace

TEST_CASE("a bandwidth amounts to CPUs, rounded up") {
  CHECK(cg::bandwidth{}.cpus() == 0);
  CHECK(cg::bandwidth{1, 100000}.cpus() == 1);
  CHECK(cg::bandwidth{100000, 100000}.cpus() == 1);
  CHECK(cg::bandwidth{100001, 100000}.cpus() == 2);
  CHECK(cg::bandwidth{150000, 100000}.cpus() == 2);
  CHECK(cg::bandwidth{800000, 100000}.cpus() == 8);
  CHECK(cg::bandwidth{INT64_MAX, 1}.cpus() == INT64_MAX);
}

TEST_CASE("cpu.max") {
  CHECK(cg::parse_cpu_max("150000 100000\n").cpus() == 2);
  CHECK(cg::parse_cpu_max("50000 100000").cpus() == 1);
  for (const char* bad :
       {"max 100000\n", "", "\n", "max", "150000", "150000 ", " 150000 100000", "0 100000", "100000 0", "-1 100000",
        "1e5 100000", "100000 100000 x", "0x10 100000", "99999999999999999999 100000", "+5 100000", "100000\t100000"}) {
    CAPTURE(bad);
    CHECK(cg::parse_cpu_max(bad).cpus() == 0);
  }
}

TEST_CASE("cpu.cfs_quota_us and cpu.cfs_period_us") {
  CHECK(cg::parse_cfs("20000\n", "100000\n").cpus() == 1);
  CHECK(cg::parse_cfs("250000\n", "100000\n").cpus() == 3);
  CHECK(cg::parse_cfs("-1\n", "100000\n").cpus() == 0);
  CHECK(cg::parse_cfs("", "").cpus() == 0);
  CHECK(cg::parse_cfs("20000", "").cpus() == 0);
  CHECK(cg::parse_cfs("20000", "0").cpus() == 0);
  CHECK(cg::parse_cfs("junk", "100000").cpus() == 0);
}

TEST_CASE("the tighter of two limits") {
  CHECK(cg::tighter({}, {}).quota == 0);
  CHECK(cg::tighter({5, 1}, {}).quota == 5);
  CHECK(cg::tighter({}, {5, 1}).quota == 5);
  CHECK(cg::tighter({5, 1}, {6, 2}).quota == 6);
  CHECK(cg::tighter({3, 1}, {8, 2}).quota == 3);
}

TEST_CASE("lines of /proc/self/cgroup") {
  CHECK(group("0::/a/b", cg::version::v2) == "/a/b");
  CHECK(group("4:cpu,cpuacct:/a:b", cg::version::v1) == "/a:b");
  CHECK(group("4:cpuacct,cpu:/a", cg::version::v1) == "/a");
  CHECK(group("4:cpuset:/a", cg::version::v1).empty());
  CHECK(group("0::/a", cg::version::v1).empty());
  CHECK(group("1:cpu:/a", cg::version::v2).empty());
  CHECK(group("", cg::version::v1).empty());
  CHECK(group("junk", cg::version::v2).empty());
}

TEST_CASE("v2: the limit of the group or of one above it") {
  group_tree t;
  v2(t, "/a/b");
  CHECK(cpus(t) == 0);
  t.file("/sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
  CHECK(cpus(t) == 0);
  t.file("/sys/fs/cgroup/a/cpu.max", "300000 100000\n");
  CHECK(cpus(t) == 3);
  t.file("/sys/fs/cgroup/a/b/cpu.max", "100000 100000\n");
  CHECK(cpus(t) == 1);
  t.file("/sys/fs/cgroup/a/b/cpu.max", "garbage\n");
  CHECK(cpus(t) == 3);
  t.file("/sys/fs/cgroup/cpu.max", "200000 100000\n");
  CHECK(cpus(t) == 2);
  t.file("/sys/fs/cpu.max", "100000 100000\n");  // above the mount: not a group
  CHECK(cpus(t) == 2);
}

TEST_CASE("v2: a container sees its own group as the root") {
  group_tree t;
  v2(t, "/").file("/sys/fs/cgroup/cpu.max", "150000 100000\n");
  CHECK(cpus(t) == 2);
  group_tree inner;
  v2(inner, "/docker/abc", "/docker/abc").file("/sys/fs/cgroup/cpu.max", "400000 100000\n");
  CHECK(cpus(inner) == 4);
  group_tree below;
  v2(below, "/docker/abc/x", "/docker/abc").file("/sys/fs/cgroup/x/cpu.max", "500000 100000\n");
  CHECK(cpus(below) == 5);
}

TEST_CASE("v1: the limit of the group or of one above it") {
  group_tree t;
  v1(t, "/a/b");
  CHECK(cpus(t) == 0);
  t.file("/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "200000\n")
      .file("/sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000\n");
  CHECK(cpus(t) == 2);
  t.file("/sys/fs/cgroup/cpu/a/b/cpu.cfs_quota_us", "-1\n")
      .file("/sys/fs/cgroup/cpu/a/b/cpu.cfs_period_us", "100000\n");
  CHECK(cpus(t) == 2);
  t.file("/sys/fs/cgroup/cpu/a/b/cpu.cfs_quota_us", "10000\n");
  CHECK(cpus(t) == 1);
  t.file("/sys/fs/cgroup/cpu/a/b/cpu.shares", "2\n");
  CHECK(cpus(t) == 1);
}

TEST_CASE("v1: shares are no limit") {
  group_tree t;
  v1(t, "/a").file("/sys/fs/cgroup/cpu/a/cpu.shares", "128\n");
  CHECK(cpus(t) == 0);
}

TEST_CASE("files that are missing, empty, unreadable, huge or nonsense are no limit") {
  group_tree none;
  CHECK(cpus(none) == 0);
  group_tree empty;
  empty.file("/proc/self/cgroup", "").file("/proc/self/mountinfo", "");
  CHECK(cpus(empty) == 0);
  group_tree nonsense;
  nonsense.file("/proc/self/cgroup", std::string(300'000, 'x')).file("/proc/self/mountinfo", "\n\n - \n - cgroup2\n");
  CHECK(cpus(nonsense) == 0);
  group_tree binary;
  binary.file("/proc/self/cgroup", std::string("0::/\0a\n\0\0", 9)).file("/proc/self/mountinfo", std::string(64, '\0'));
  CHECK(cpus(binary) == 0);
  group_tree long_path;
  v2(long_path, "/" + std::string(5'000, 'a'));
  CHECK(cpus(long_path) == 0);
  group_tree directory;
  v2(directory, "/a");
  fs::create_directories(directory.root() + "/sys/fs/cgroup/a/cpu.max");
  CHECK(cpus(directory) == 0);
  group_tree unreadable;
  v2(unreadable, "/a").file("/sys/fs/cgroup/a/cpu.max", "100000 100000\n");
  fs::permissions(unreadable.root() + "/sys/fs/cgroup/a/cpu.max", fs::perms::none);
  CHECK(cpus(unreadable) == (::geteuid() == 0 ? 1 : 0));  // root reads it all the same
}

TEST_CASE("both versions at once: the tighter counts") {
  group_tree t;
  t.file("/proc/self/cgroup", "4:cpu:/one\n0::/two\n")
      .file("/proc/self/mountinfo",
            "1 0 0:1 / /cpu rw - cgroup cgroup rw,cpu\n2 0 0:2 / /unified rw - cgroup2 cgroup2 rw\n")
      .file("/cpu/one/cpu.cfs_quota_us", "300000\n")
      .file("/cpu/one/cpu.cfs_period_us", "100000\n")
      .file("/unified/two/cpu.max", "200000 100000\n");
  CHECK(cpus(t) == 2);
}
