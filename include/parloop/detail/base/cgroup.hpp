// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The CPU quota that control groups (v1 and v2) impose on this process, as containers use it. For
/// detail/base/cpu_count.hpp.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstring>

#include "digits.hpp"

namespace parloop::inline v0_2::detail::cgroup {

/// A CPU bandwidth limit: `quota` microseconds of CPU time in each `period`. No limit when the quota is zero.
struct bandwidth {
  std::int64_t quota = 0;
  std::int64_t period = 0;

  /// CPUs that this amounts to, rounded up; 0: no limit. Rounded down the group would never be throttled, but lose what
  /// lies between: docs/containers.md has both as measured.
  [[nodiscard]] constexpr std::int64_t cpus() const noexcept { return quota == 0 ? 0 : (quota - 1) / period + 1; }
};

/// The tighter of two limits.
[[nodiscard]] constexpr bandwidth tighter(bandwidth a, bandwidth b) noexcept {
  if (a.quota == 0) return b;
  if (b.quota == 0) return a;
  const double share_a = static_cast<double>(a.quota) / static_cast<double>(a.period);
  return share_a <= static_cast<double>(b.quota) / static_cast<double>(b.period) ? a : b;
}

/// The whole of `text`, spaces and newlines at its end apart, as a positive decimal number; 0 when it is anything else.
[[nodiscard, gnu::cold]] inline std::int64_t parse_positive(const char* text) noexcept {
  const std::int64_t value = read_digits(text);
  while (*text == '\n' || *text == ' ') ++text;
  return *text == '\0' && value > 0 ? value : 0;
}

/// The content of v2's cpu.max: "QUOTA PERIOD" or "max PERIOD". Anything else is no limit.
[[nodiscard, gnu::cold]] inline bandwidth parse_cpu_max(const char* text) noexcept {
  const std::int64_t quota = read_digits(text);
  if (quota <= 0 || *text != ' ') return {};
  const std::int64_t period = parse_positive(text + 1);
  return period > 0 ? bandwidth{quota, period} : bandwidth{};
}

/// The contents of v1's cpu.cfs_quota_us (-1: no limit) and cpu.cfs_period_us. Anything else is no limit.
[[nodiscard, gnu::cold]] inline bandwidth parse_cfs(const char* quota_us, const char* period_us) noexcept {
  const std::int64_t quota = parse_positive(quota_us);
  const std::int64_t period = parse_positive(period_us);
  return quota > 0 && period > 0 ? bandwidth{quota, period} : bandwidth{};
}

/// `text` up to the first `separator`, which becomes the field's end; `text` moves behind it.
[[gnu::cold]] inline char* next_field(char*& text, char separator) noexcept {
  char* const field = text;
  char* const end = std::strchr(field, separator);
  if (end == nullptr) {
    text += std::strlen(text);
  } else {
    *end = '\0';
    text = end + 1;
  }
  return field;
}

/// Whether the comma-separated `list` has `item`.
[[nodiscard, gnu::cold]] inline bool lists(char* list, const char* item) noexcept {
  while (*list != '\0') {
    if (std::strcmp(next_field(list, ','), item) == 0) return true;
  }
  return false;
}

enum class version { v1, v2 };

/// The group in a line of /proc/self/cgroup ("4:cpu,cpuacct:/a" or, v2, "0::/a"), null when the line is about another.
/// Cuts the line up.
[[nodiscard, gnu::cold]] inline const char* group_in_line(char* line, version v) noexcept {
  const char* const hierarchy = next_field(line, ':');
  char* const controllers = next_field(line, ':');
  const bool wanted =
      v == version::v2 ? std::strcmp(hierarchy, "0") == 0 && *controllers == '\0' : lists(controllers, "cpu");
  return wanted && *line != '\0' ? line : nullptr;
}

/// Where a hierarchy is mounted: the group that the mount shows as its root, and the mount's place.
struct mount {
  const char* root = nullptr;
  const char* point = nullptr;
};

/// The mount in a line of /proc/self/mountinfo (see proc(5)), with a null point when the line is about something else.
/// Cuts the line up.
[[nodiscard, gnu::cold]] inline mount mount_in_line(char* line, version v) noexcept {
  char* tail = std::strstr(line, " - ");
  if (tail == nullptr) return {};
  tail += 3;
  const char* const type = next_field(tail, ' ');
  next_field(tail, ' ');  // the mount's source
  char* const options = next_field(tail, ' ');
  if (std::strcmp(type, v == version::v2 ? "cgroup2" : "cgroup") != 0) return {};
  if (v == version::v1 && !lists(options, "cpu")) return {};
  for (int skipped = 0; skipped < 3; ++skipped) next_field(line, ' ');  // mount, parent, device numbers
  mount found;
  found.root = next_field(line, ' ');
  found.point = next_field(line, ' ');
  return found;
}

inline constexpr std::size_t longest_path = 4096;

/// The lines of the file `directory``name`, one after the other. None when it cannot be read.
class lines {
 public:
  [[gnu::cold]] lines(const char* directory, const char* name) noexcept {
    const int size = std::snprintf(line_, sizeof line_, "%s%s", directory, name);
    if (size < static_cast<int>(sizeof line_)) file_ = std::fopen(line_, "re");
  }
  lines(const lines&) = delete;
  lines& operator=(const lines&) = delete;
  [[gnu::cold]] ~lines() {
    if (file_ != nullptr) std::fclose(file_);
  }

  /// The next line without its newline, in pieces if it is very long; null at the end. Valid until the next call.
  [[nodiscard, gnu::cold]] char* next() noexcept {
    if (file_ == nullptr || std::fgets(line_, static_cast<int>(sizeof line_), file_) == nullptr) return nullptr;
    line_[std::strcspn(line_, "\n")] = '\0';
    return line_;
  }
  /// The same, but empty at the end.
  [[nodiscard, gnu::cold]] const char* next_or_empty() noexcept {
    const char* const line = next();
    return line != nullptr ? line : "";
  }

 private:
  std::FILE* file_ = nullptr;
  char line_[longest_path];
};

/// The limit set on the group in `directory` itself.
[[nodiscard, gnu::cold]] inline bandwidth limit_of(const char* directory, version v) noexcept {
  if (v == version::v2) return parse_cpu_max(lines(directory, "/cpu.max").next_or_empty());
  return parse_cfs(lines(directory, "/cpu.cfs_quota_us").next_or_empty(),
                   lines(directory, "/cpu.cfs_period_us").next_or_empty());
}

/// The tightest limit on this process in one kind of hierarchy: that of its group or of any above it. `root` is put in
/// front of every path, for tests.
[[nodiscard, gnu::cold]] inline bandwidth limit_in(version v, const char* root) noexcept {
  lines groups(root, "/proc/self/cgroup");
  const char* group = nullptr;
  while (group == nullptr) {
    char* const line = groups.next();
    if (line == nullptr) return {};
    group = group_in_line(line, v);
  }
  lines mounts(root, "/proc/self/mountinfo");
  mount m;
  while (m.point == nullptr) {
    char* const line = mounts.next();
    if (line == nullptr) return {};
    m = mount_in_line(line, v);
  }
  // A container's mount may show an inner group as its root; the group's path then starts with that.
  const std::size_t shown = std::strlen(m.root);
  if (std::strcmp(m.root, "/") != 0 && std::strncmp(group, m.root, shown) == 0) group += shown;
  if (std::strcmp(group, "/") == 0) ++group;
  char place[longest_path];
  const int size = std::snprintf(place, sizeof place, "%s%s%s", root, m.point, group);
  if (size >= static_cast<int>(sizeof place)) return {};
  const char* const top = place + std::strlen(root) + std::strlen(m.point);
  bandwidth tightest;
  while (true) {
    tightest = tighter(tightest, limit_of(place, v));
    char* const slash = std::strrchr(place, '/');
    if (slash == nullptr || slash == place || slash < top) return tightest;
    *slash = '\0';
  }
}

/// The tightest CPU limit on this process; no limit where there are no control groups.
[[nodiscard, gnu::cold]] inline bandwidth limit(const char* root = "") noexcept {
#if defined(__linux__) && !defined(PARLOOP_PORTABLE)
  return tighter(limit_in(version::v1, root), limit_in(version::v2, root));
#else
  (void)root;
  return {};
#endif
}

}  // namespace parloop::inline v0_2::detail::cgroup
