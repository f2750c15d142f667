// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Trees of files under a temporary folder that look like /proc and /sys of a process in a control group.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "../../temporary_folder.hpp"

namespace test {

/// A directory tree that ends with the test.
class group_tree {
 public:
  group_tree& file(const std::string& path, const std::string& content) {
    std::filesystem::create_directories(std::filesystem::path(root() + path).parent_path());
    std::ofstream(root() + path) << content;
    return *this;
  }
  [[nodiscard]] const std::string& root() const { return folder_.path(); }

 private:
  temporary_folder folder_;
};

/// A process in the v2 group `group`, whose hierarchy is mounted at /sys/fs/cgroup, showing `shown` as its root.
inline group_tree& v2(group_tree& t, const std::string& group, const std::string& shown = "/") {
  return t.file("/proc/self/cgroup", "0::" + group + "\n")
      .file("/proc/self/mountinfo",
            "22 1 0:20 / /proc rw,nosuid - proc proc rw\n"
            "30 23 0:26 " +
                shown + " /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n");
}

inline group_tree& v1(group_tree& t, const std::string& group, const std::string& shown = "/") {
  return t.file("/proc/self/cgroup", "9:memory:/other\n4:cpu,cpuacct:" + group + "\n1:name=systemd:/\n0::/\n")
      .file("/proc/self/mountinfo",
            "31 30 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
            "32 30 0:28 " +
                shown + " /sys/fs/cgroup/cpu rw,nosuid - cgroup cgroup rw,cpu,cpuacct\n");
}

}  // namespace test
