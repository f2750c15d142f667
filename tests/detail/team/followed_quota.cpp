// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How many threads are left of a width while the made-up quota of a control group changes.
#include <parloop/detail/team/followed_quota.hpp>
#include <string>

#include "../../catch.hpp"
#include "../base/group_tree.hpp"

namespace d = parloop::detail;

namespace {

class group {
 public:
  group() { test::v2(tree_, "/a"); }
  void limit(const std::string& cpus) { tree_.file("/sys/fs/cgroup/a/cpu.max", cpus + " 100000\n"); }
  [[nodiscard]] const char* root() const { return tree_.root().c_str(); }

 private:
  test::group_tree tree_;
};

d::ticks later(double seconds) {
  return d::now() + d::to_ticks(std::chrono::nanoseconds(static_cast<long long>(1e9 * seconds)));
}

}  // namespace

#if defined(__linux__)
TEST_CASE("a quota that shrinks and grows is followed, up to the width and down to one thread") {
  group g;
  d::followed_quota q(8, true, g.root());
  CHECK(q.threads() == 8);
  double time = 0;
  for (const auto& [limit, threads] : {std::pair("350000", 4), std::pair("20000", 1), std::pair("800000", 8),
                                       std::pair("3200000", 8), std::pair("200000", 2), std::pair("max", 8)}) {
    CAPTURE(limit);
    g.limit(limit);
    q.ask(later(time += 2));
    CHECK(q.threads() == threads);
  }
}

TEST_CASE("the quota is asked for once a second at most") {
  group g;
  d::followed_quota q(8, true, g.root());
  g.limit("100000");
  CHECK_FALSE(q.is_due(later(0.5)));
  q.ask(later(0.5));
  CHECK(q.threads() == 8);
  const d::ticks time = later(2);
  CHECK(q.is_due(time));
  q.ask(time);
  CHECK(q.threads() == 1);
  CHECK_FALSE(q.is_due(time));
  g.limit("200000");
  q.ask(time);
  CHECK(q.threads() == 1);
}
#endif

TEST_CASE("a number of threads that somebody has asked for stays, and so does one thread") {
  group g;
  g.limit("100000");
  for (auto&& [width, follows] : {std::pair(8, false), std::pair(1, true)}) {
    d::followed_quota q(width, follows, g.root());
    CHECK_FALSE(q.is_due(later(100)));
    q.ask(later(100));
    CHECK(q.threads() == width);
  }
}
