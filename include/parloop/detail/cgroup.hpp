// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The CPU quota that control groups (v1 and v2) impose on this process, as containers use it. For
/// detail/cpu_count.hpp.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "digits.hpp"

namespace parloop::inline v0::detail::cgroup {

/// A CPU bandwidth limit: `quota` microseconds of CPU time in each `period`. No limit when the quota is zero.
struct bandwidth {
  std::int64_t quota = 0;
  std::int64_t period = 0;

  /// CPUs that this amounts to, rounded up; 0: no limit.
  [[nodiscard]] constexpr std::int64_t cpus() const noexcept { return quota == 0 ? 0 : (quota - 1) / period + 1; }
};

/// The tighter of two limits.
[[nodiscard]] constexpr bandwidth tighter(bandwidth a, bandwidth b) noexcept {
  if (a.quota == 0) return b;
  if (b.quota == 0) return a;
  const double share_a = static_cast<double>(a.quota) / static_cast<double>(a.period);
  return share_a <= static_cast<double>(b.quota) / static_cast<double>(b.period) ? a : b;
}

/// The whole of `text`, a trailing newline apart, as a positive decimal number; 0 when it is anything else.
[[nodiscard, gnu::cold]] inline std::int64_t parse_positive(std::string_view text) noexcept {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  return parse_digits(text).value_or(0);
}

/// `text` up to the first `separator`, which is taken off `text` with it.
[[nodiscard, gnu::cold]] inline std::string_view next_field(std::string_view& text, char separator) noexcept {
  const std::size_t end = text.find(separator);
  const std::string_view field = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return field;
}

/// The content of v2's cpu.max: "QUOTA PERIOD" or "max PERIOD". Anything else is no limit.
[[nodiscard, gnu::cold]] inline bandwidth parse_cpu_max(std::string_view text) noexcept {
  const std::int64_t quota = parse_positive(next_field(text, ' '));
  const std::int64_t period = parse_positive(text);
  return quota > 0 && period > 0 ? bandwidth{quota, period} : bandwidth{};
}

/// The contents of v1's cpu.cfs_quota_us (-1: no limit) and cpu.cfs_period_us. Anything else is no limit.
[[nodiscard, gnu::cold]] inline bandwidth parse_cfs(std::string_view quota_us, std::string_view period_us) noexcept {
  const std::int64_t quota = parse_positive(quota_us);
  const std::int64_t period = parse_positive(period_us);
  return quota > 0 && period > 0 ? bandwidth{quota, period} : bandwidth{};
}

/// Whether the comma-separated `list` has `item`.
[[nodiscard, gnu::cold]] inline bool lists(std::string_view list, std::string_view item) noexcept {
  while (!list.empty()) {
    if (next_field(list, ',') == item) return true;
  }
  return false;
}

enum class version { v1, v2 };

/// The group in a line of /proc/self/cgroup ("4:cpu,cpuacct:/a" or, v2, "0::/a"), empty when the line is about another.
[[nodiscard, gnu::cold]] inline std::string_view group_in_line(std::string_view line, version v) noexcept {
  const std::string_view hierarchy = next_field(line, ':');
  const std::string_view controllers = next_field(line, ':');
  const bool wanted = v == version::v2 ? hierarchy == "0" && controllers.empty() : lists(controllers, "cpu");
  return wanted ? line : std::string_view{};
}

/// Where a hierarchy is mounted: the group that the mount shows as its root, and the mount's place.
struct mount {
  std::string_view root;
  std::string_view point;
};

/// The mount in a line of /proc/self/mountinfo (see proc(5)), with an empty point when the line is about something
/// else.
[[nodiscard, gnu::cold]] inline mount mount_in_line(std::string_view line, version v) noexcept {
  const std::size_t dash = line.find(" - ");
  if (dash == std::string_view::npos) return {};
  std::string_view tail = line.substr(dash + 3);
  const std::string_view type = next_field(tail, ' ');
  (void)next_field(tail, ' ');  // the mount's source
  const std::string_view options = next_field(tail, ' ');
  if (v == version::v2 ? type != "cgroup2" : type != "cgroup" || !lists(options, "cpu")) return {};
  for (int skipped = 0; skipped < 3; ++skipped) (void)next_field(line, ' ');  // mount, parent, device numbers
  mount found;
  found.root = next_field(line, ' ');
  found.point = next_field(line, ' ');
  return found;
}

/// A path, or a line of a file, in a buffer of fixed size. What does not fit makes it empty.
class text {
 public:
  text() noexcept = default;

  bool append(std::string_view more) noexcept {
    if (size_ + more.size() >= sizeof chars_) return fail();
    if (!more.empty()) std::memcpy(chars_ + size_, more.data(), more.size());
    size_ += more.size();
    chars_[size_] = '\0';
    return true;
  }
  bool read_line(std::FILE* file) noexcept {
    if (std::fgets(chars_, static_cast<int>(sizeof chars_), file) == nullptr) return fail();
    size_ = std::strlen(chars_);
    if (size_ > 0 && chars_[size_ - 1] == '\n') chars_[--size_] = '\0';
    return true;
  }
  void shorten(std::size_t size) noexcept {
    size_ = size;
    chars_[size_] = '\0';
  }
  [[nodiscard]] std::string_view view() const noexcept { return {chars_, size_}; }
  [[nodiscard]] const char* c_str() const noexcept { return chars_; }

 private:
  bool fail() noexcept {
    shorten(0);
    return false;
  }
  char chars_[4096] = {};
  std::size_t size_ = 0;
};

/// The first line of the file `directory`/`name`; empty when it cannot be read.
[[nodiscard, gnu::cold]] inline text first_line(std::string_view directory, std::string_view name) noexcept {
  text path;
  text line;
  if (!path.append(directory) || !path.append(name)) return line;
  if (std::FILE* file = std::fopen(path.c_str(), "re"); file != nullptr) {
    line.read_line(file);
    std::fclose(file);
  }
  return line;
}

/// Calls use(line) for the lines of the file `path`, until it returns true.
template <class Use>
[[gnu::cold]] void scan_lines(const char* path, Use use) noexcept {
  std::FILE* file = std::fopen(path, "re");
  if (file == nullptr) return;
  text line;
  while (line.read_line(file) && !use(line.view())) {
  }
  std::fclose(file);
}

/// The limit set on the group in `directory` itself.
[[nodiscard, gnu::cold]] inline bandwidth limit_of(std::string_view directory, version v) noexcept {
  if (v == version::v2) return parse_cpu_max(first_line(directory, "/cpu.max").view());
  return parse_cfs(first_line(directory, "/cpu.cfs_quota_us").view(),
                   first_line(directory, "/cpu.cfs_period_us").view());
}

/// The tightest limit on this process in one kind of hierarchy: that of its group or of any above it. `root` is put in
/// front of every path, for tests.
[[nodiscard, gnu::cold]] inline bandwidth limit_in(version v, std::string_view root) noexcept {
  text group;
  text place;
  std::size_t top = 0;
  text file;
  file.append(root);
  file.append("/proc/self/cgroup");
  scan_lines(file.c_str(), [&](std::string_view line) {
    const std::string_view found = group_in_line(line, v);
    return !found.empty() && group.append(found);
  });
  if (group.view().empty()) return {};
  file.shorten(root.size());
  file.append("/proc/self/mountinfo");
  scan_lines(file.c_str(), [&](std::string_view line) {
    const mount m = mount_in_line(line, v);
    if (m.point.empty() || !place.append(root) || !place.append(m.point)) return false;
    top = place.view().size();
    // A container's mount may show an inner group as its root; the group's path then starts with that.
    std::string_view below = group.view();
    if (m.root != "/" && below.starts_with(m.root)) below.remove_prefix(m.root.size());
    if (below != "/") place.append(below);
    return true;
  });
  bandwidth tightest;
  while (place.view().size() >= top && top != 0) {
    tightest = tighter(tightest, limit_of(place.view(), v));
    const std::size_t slash = place.view().rfind('/');
    if (slash == std::string_view::npos || slash == 0) break;
    place.shorten(slash);
  }
  return tightest;
}

/// The tightest CPU limit on this process; no limit where there are no control groups.
[[nodiscard, gnu::cold]] inline bandwidth limit(std::string_view root = {}) noexcept {
#if defined(__linux__)
  return tighter(limit_in(version::v1, root), limit_in(version::v2, root));
#else
  (void)root;
  return {};
#endif
}

}  // namespace parloop::inline v0::detail::cgroup
