// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What the library reads of the system and of its user, for libFuzzer: control groups' files and the environment. The
/// first byte of an input chooses the parser, the rest is the text. Each answer is compared with that of a plain
/// reading with strings, and the text lies in memory of exactly its size.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <parloop/detail/base/cgroup.hpp>
#include <parloop/detail/base/environment.hpp>
#include <string>
#include <vector>

namespace {

namespace pl = parloop;
namespace cg = pl::detail::cgroup;
using text = std::string;

void expect(bool good, const char* what, const text& input) {
  if (good) return;
  std::fprintf(stderr, "%s: '%s'\n", what, input.c_str());
  std::abort();
}

/// What a parser that cuts its text up is given.
class buffer {
 public:
  explicit buffer(const text& t) : size_(t.size() + 1), chars_(new char[size_]) {
    std::memcpy(chars_.get(), t.c_str(), size_);
  }
  [[nodiscard]] char* begin() const { return chars_.get(); }
  [[nodiscard]] bool has(const char* p) const { return p >= begin() && p < begin() + size_; }

 private:
  std::size_t size_;
  std::unique_ptr<char[]> chars_;
};

// --- plain readings ---

/// Digits only, of what fits in 63 bits.
std::optional<std::int64_t> number(const text& t) {
  if (t.empty() || t.find_first_not_of("0123456789") != text::npos) return std::nullopt;
  const std::size_t first = std::min(t.find_first_not_of('0'), t.size() - 1);
  const text digits = t.substr(first);
  const text most = std::to_string(INT64_MAX);
  if (digits.size() > most.size() || (digits.size() == most.size() && digits > most)) return std::nullopt;
  return std::stoll(digits);
}

std::vector<text> split(const text& t, char separator) {
  std::vector<text> parts(1);
  for (const char c : t) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

bool has(const std::vector<text>& all, const text& one) { return std::find(all.begin(), all.end(), one) != all.end(); }

std::int64_t positive(text t) {
  t.erase(t.find_last_not_of("\n ") + 1);
  return number(t).value_or(0);
}

// --- the parsers ---

void cpu_max(const text& t) {
  const buffer b(t);
  const cg::bandwidth got = cg::parse_cpu_max(b.begin());
  const std::size_t blank = t.find(' ');
  std::int64_t quota = blank == text::npos ? 0 : number(t.substr(0, blank)).value_or(0);
  const std::int64_t period = blank == text::npos ? 0 : positive(t.substr(blank + 1));
  if (quota == 0 || period == 0) quota = 0;
  expect(got.quota == quota && (quota == 0 || got.period == period), "cpu.max", t);
  expect(quota == 0 ? got.cpus() == 0 : got.cpus() >= 1, "CPUs", t);
}

void cfs(const text& t) {
  const std::vector<text> files = split(t, '|');
  const text second = files.size() > 1 ? files[1] : "";
  const cg::bandwidth got = cg::parse_cfs(buffer(files[0]).begin(), buffer(second).begin());
  const std::int64_t quota = positive(files[0]);
  const std::int64_t period = positive(second);
  const bool limited = quota > 0 && period > 0;
  expect(got.quota == (limited ? quota : 0) && got.period == (limited ? period : 0), "cfs", t);
}

void group(const text& t, cg::version v) {
  const buffer b(t);
  const char* const got = cg::group_in_line(b.begin(), v);
  const std::size_t first = t.find(':');
  const std::size_t second = first == text::npos ? text::npos : t.find(':', first + 1);
  text right;
  if (second != text::npos) {
    const text controllers = t.substr(first + 1, second - first - 1);
    const bool wanted =
        v == cg::version::v2 ? t.substr(0, first) == "0" && controllers.empty() : has(split(controllers, ','), "cpu");
    if (wanted) right = t.substr(second + 1);
  }
  expect(got == nullptr ? right.empty() : b.has(got) && got == right, "group", t);
}

void mount(const text& t, cg::version v) {
  const buffer b(t);
  const cg::mount got = cg::mount_in_line(b.begin(), v);
  const std::size_t dash = t.find(" - ");
  if (dash == text::npos) return expect(got.point == nullptr, "mount of a line without a type", t);
  std::vector<text> tail = split(t.substr(dash + 3), ' ');
  tail.resize(std::max<std::size_t>(tail.size(), 3));
  const bool wanted =
      v == cg::version::v2 ? tail[0] == "cgroup2" : tail[0] == "cgroup" && has(split(tail[2], ','), "cpu");
  expect((got.point != nullptr) == wanted, "mount of another type", t);
  if (!wanted) return;
  expect(b.has(got.root) && b.has(got.point), "mount outside of its line", t);
  const std::vector<text> head = split(t.substr(0, dash), ' ');
  if (head.size() > 4) expect(head[3] == got.root && head[4] == got.point, "mount", t);
}

std::chrono::nanoseconds plain_duration(const text& t) {
  const std::size_t unit = std::min(t.find_first_not_of("0123456789"), t.size());
  const auto count = number(t.substr(0, unit));
  constexpr std::array<std::pair<const char*, double>, 4> units = {{{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}}};
  for (const auto& [name, size] : units) {
    if (count && t.substr(unit) == name && static_cast<double>(*count) * size <= 3.6e12) {
      return std::chrono::nanoseconds(*count * static_cast<std::int64_t>(size));
    }
  }
  return std::chrono::nanoseconds(-1);
}

void environment(const text& t) {
  const buffer b(t);
  const auto threads = number(t);
  expect(pl::detail::parse_threads(b.begin()) == (threads && *threads <= 4096 ? static_cast<int>(*threads) : 0),
         "threads", t);
  const auto duration = pl::detail::parse_duration(b.begin());
  const auto right = plain_duration(t);
  expect(right.count() < 0 ? duration.count() < 0 : duration == right, "duration", t);
  const pl::idle_policy got = pl::detail::parse_idle(b.begin());
  const std::size_t colon = t.find(':');
  const text word = t.substr(0, colon);
  bool good = word == "adaptive" || word == "release";
  if (colon == text::npos) {
    good = good || word == "spin" || word == "park";
  } else if (good) {
    good = plain_duration(t.substr(colon + 1)).count() >= 0;
    if (good) expect(got.time == plain_duration(t.substr(colon + 1)), "an idle policy's time", t);
  }
  expect((got.time.count() >= 0) == good, "idle policy", t);
  if (good) expect(word == text(pl::detail::to_text(got).chars).substr(0, word.size()), "an idle policy's kind", t);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const text t(text(reinterpret_cast<const char*>(data) + 1, size - 1).c_str());  // up to the first zero
  switch (data[0]) {
    case 'm':
      cpu_max(t);
      break;
    case 'c':
      cfs(t);
      break;
    case 'g':
      group(t, cg::version::v1);
      group(t, cg::version::v2);
      break;
    case 'p':
      mount(t, cg::version::v1);
      mount(t, cg::version::v2);
      break;
    case 'e':
      environment(t);
      break;
    default:
      break;
  }
  return 0;
}
