// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The parsers of control groups' files, on text and on trees of files under a temporary directory.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <parloop/detail/base/cgroup.hpp>
#include <string>

#include "../../catch.hpp"
#include "../../temporary_folder.hpp"

namespace cg = parloop::detail::cgroup;
namespace fs = std::filesystem;

namespace {

/// A directory tree that ends with the test.
class tree {
 public:
  tree& file(const std::string& path, const std::string& content) {
    fs::create_directories(fs::path(root() + path).parent_path());
    std::ofstream(root() + path) << content;
    return *this;
  }
  [[nodiscard]] std::int64_t cpus() const { return cg::limit(root().c_str()).cpus(); }
  [[nodiscard]] const std::string& root() const { return folder_.path(); }

 private:
  test::temporary_folder folder_;
};

/// A process in the v2 group `group`, whose hierarchy is mounted at /sys/fs/cgroup, showing `shown` as its root.
tree& v2(tree& t, const std::string& group, const std::string& shown = "/") {
  return t.file("/proc/self/cgroup", "0::" + group + "\n")
      .file("/proc/self/mountinfo",
            "22 1 0:20 / /proc rw,nosuid - proc proc rw\n"
            "30 23 0:26 " +
                shown + " /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n");
}

tree& v1(tree& t, const std::string& group, const std::string& shown = "/") {
  return t.file("/proc/self/cgroup", "9:memory:/other\n4:cpu,cpuacct:" + group + "\n1:name=systemd:/\n0::/\n")
      .file("/proc/self/mountinfo",
            "31 30 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
            "32 30 0:28 " +
                shown + " /sys/fs/cgroup/cpu rw,nosuid - cgroup cgroup rw,cpu,cpuacct\n");
}

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
  tree t;
  v2(t, "/a/b");
  CHECK(t.cpus() == 0);
  t.file("/sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
  CHECK(t.cpus() == 0);
  t.file("/sys/fs/cgroup/a/cpu.max", "300000 100000\n");
  CHECK(t.cpus() == 3);
  t.file("/sys/fs/cgroup/a/b/cpu.max", "100000 100000\n");
  CHECK(t.cpus() == 1);
  t.file("/sys/fs/cgroup/a/b/cpu.max", "garbage\n");
  CHECK(t.cpus() == 3);
  t.file("/sys/fs/cgroup/cpu.max", "200000 100000\n");
  CHECK(t.cpus() == 2);
  t.file("/sys/fs/cpu.max", "100000 100000\n");  // above the mount: not a group
  CHECK(t.cpus() == 2);
}

TEST_CASE("v2: a container sees its own group as the root") {
  tree t;
  v2(t, "/").file("/sys/fs/cgroup/cpu.max", "150000 100000\n");
  CHECK(t.cpus() == 2);
  tree inner;
  v2(inner, "/docker/abc", "/docker/abc").file("/sys/fs/cgroup/cpu.max", "400000 100000\n");
  CHECK(inner.cpus() == 4);
  tree below;
  v2(below, "/docker/abc/x", "/docker/abc").file("/sys/fs/cgroup/x/cpu.max", "500000 100000\n");
  CHECK(below.cpus() == 5);
}

TEST_CASE("v1: the limit of the group or of one above it") {
  tree t;
  v1(t, "/a/b");
  CHECK(t.cpus() == 0);
  t.file("/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "200000\n")
      .file("/sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000\n");
  CHECK(t.cpus() == 2);
  t.file("/sys/fs/cgroup/cpu/a/b/cpu.cfs_quota_us", "-1\n")
      .file("/sys/fs/cgroup/cpu/a/b/cpu.cfs_period_us", "100000\n");
  CHECK(t.cpus() == 2);
  t.file("/sys/fs/cgroup/cpu/a/b/cpu.cfs_quota_us", "10000\n");
  CHECK(t.cpus() == 1);
  t.file("/sys/fs/cgroup/cpu/a/b/cpu.shares", "2\n");
  CHECK(t.cpus() == 1);
}

TEST_CASE("v1: shares are no limit") {
  tree t;
  v1(t, "/a").file("/sys/fs/cgroup/cpu/a/cpu.shares", "128\n");
  CHECK(t.cpus() == 0);
}

TEST_CASE("files that are missing, empty, unreadable, huge or nonsense are no limit") {
  tree none;
  CHECK(none.cpus() == 0);
  tree empty;
  empty.file("/proc/self/cgroup", "").file("/proc/self/mountinfo", "");
  CHECK(empty.cpus() == 0);
  tree nonsense;
  nonsense.file("/proc/self/cgroup", std::string(300'000, 'x')).file("/proc/self/mountinfo", "\n\n - \n - cgroup2\n");
  CHECK(nonsense.cpus() == 0);
  tree binary;
  binary.file("/proc/self/cgroup", std::string("0::/\0a\n\0\0", 9)).file("/proc/self/mountinfo", std::string(64, '\0'));
  CHECK(binary.cpus() == 0);
  tree long_path;
  v2(long_path, "/" + std::string(5'000, 'a'));
  CHECK(long_path.cpus() == 0);
  tree directory;
  v2(directory, "/a");
  fs::create_directories(directory.root() + "/sys/fs/cgroup/a/cpu.max");
  CHECK(directory.cpus() == 0);
  tree unreadable;
  v2(unreadable, "/a").file("/sys/fs/cgroup/a/cpu.max", "100000 100000\n");
  fs::permissions(unreadable.root() + "/sys/fs/cgroup/a/cpu.max", fs::perms::none);
  CHECK(unreadable.cpus() == (::geteuid() == 0 ? 1 : 0));  // root reads it all the same
}

TEST_CASE("both versions at once: the tighter counts") {
  tree t;
  t.file("/proc/self/cgroup", "4:cpu:/one\n0::/two\n")
      .file("/proc/self/mountinfo",
            "1 0 0:1 / /cpu rw - cgroup cgroup rw,cpu\n2 0 0:2 / /unified rw - cgroup2 cgroup2 rw\n")
      .file("/cpu/one/cpu.cfs_quota_us", "300000\n")
      .file("/cpu/one/cpu.cfs_period_us", "100000\n")
      .file("/unified/two/cpu.max", "200000 100000\n");
  CHECK(t.cpus() == 2);
}
