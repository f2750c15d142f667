// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Writes records as a file in Chrome's trace event format. For backend/traced.hpp.
///
/// Source of the format: "Trace Event Format", the Chromium project: complete events ("ph": "X"), flow events ("s" to
/// "f"), times in microseconds.
#pragma once

#include <cerrno>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "../base/compare.hpp"
#include "../base/throw.hpp"
#include "../base/ticks.hpp"
#include "trace_record.hpp"

#if defined(_WIN32)
#include <fcntl.h>
#include <io.h>
#include <sys/stat.h>
#define PARLOOP_DETAIL_FILES
#elif __has_include(<fcntl.h>) && __has_include(<unistd.h>)
#include <fcntl.h>
#include <unistd.h>
#define PARLOOP_DETAIL_FILES
#endif

namespace parloop::inline v0_2::detail {

struct trace {
  std::vector<trace_event> events{};
  std::size_t dropped = 0;
  ticks start = 0;
  ticks now = 0;    ///< when what has not ended is said to end, and nothing begins any more
  double rate = 1;  ///< ticks per nanosecond
  std::string_view backend{};

  [[nodiscard]] ticks end_of(const trace_event& e) const noexcept { return e.to == 0 || e.to > now ? now : e.to; }
  [[nodiscard]] double microseconds(ticks duration) const noexcept {
    return 1e-3 * static_cast<double>(duration) / rate;
  }
};

/// As the inside of a JSON string: quotes and backslashes escaped, control characters and bytes outside of ASCII as
/// \u00XX, so that the file is valid whatever the name; at most 200 bytes of it.
[[nodiscard]] inline std::string json_text(std::string_view text) {
  constexpr std::size_t most = 200;
  std::string escaped;
  for (const char c : text.substr(0, most)) {
    if (c == '"' || c == '\\') {
      escaped += '\\';
      escaped += c;
    } else if (c >= ' ' && c <= '~') {
      escaped += c;
    } else {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      escaped += code;
    }
  }
  return escaped;
}

[[nodiscard]] inline std::string json_name(const trace_event& e) {
  constexpr const char* names[] = {"", "", "", "chunk", "worker", "asleep", "waits asleep", "wakes"};
  const std::string_view fixed = names[static_cast<int>(e.what)];
  return json_text(!fixed.empty() ? fixed : e.name.empty() ? "loop" : e.name);
}

/// One event, as a bar.
[[nodiscard]] inline std::string json_event(const trace& t, const trace_event& e) {
  const char* format = e.what == event::chunk    ? "\"begin\":%lld,\"end\":%lld"
                       : e.what == event::loop   ? "\"iterations\":%lld,\"grain\":%lld"
                       : e.what == event::waking ? "\"threads\":%lld"
                                                 : "";
  char arguments[96];
  std::snprintf(arguments, sizeof arguments, format, static_cast<long long>(e.begin), static_cast<long long>(e.end));
  char rest[256];
  std::snprintf(rest, sizeof rest, "\"ph\":\"X\",\"pid\":1,\"tid\":%u,\"ts\":%.3f,\"dur\":%.3f,\"args\":{%s}}",
                e.thread, t.microseconds(e.from - t.start), t.microseconds(t.end_of(e) - e.from), arguments);
  return "{\"name\":\"" + json_name(e) + "\"," + rest;
}

/// An arrow from the bar of who wakes to the end of the sleep; `number` is its own.
[[nodiscard]] inline std::string json_arrow(const trace& t, const arrow& a, std::size_t number) {
  char text[320];
  constexpr const char* one =
      "{\"name\":\"wake\",\"cat\":\"wake\",\"ph\":\"%s,\"id\":%zu,\"pid\":1,\"tid\":%u,\"ts\":%.3f}";
  std::snprintf(text, sizeof text, one, "s\"", number, a.by.thread, t.microseconds(a.by.from - t.start));
  std::string both = text;
  std::snprintf(text, sizeof text, one, "f\",\"bp\":\"e\"", number, a.who.thread,
                t.microseconds(larger(a.who.to - 1, a.who.from) - t.start));
  return both + ",\n" + text;
}

/// What each thread is called: workers live or are parked, or run chunks of other threads' loops.
[[nodiscard]] inline std::map<unsigned, const char*> thread_names(const std::vector<trace_event>& events) {
  std::map<unsigned, const char*> names;
  const auto all = [&](const char* name, auto... what) {
    for (const trace_event& e : events) {
      if (((e.what == what) || ...)) names.emplace(e.thread, name);
    }
  };
  all("worker", event::living, event::parked);
  all("caller", event::loop, event::section, event::waiting, event::waking);
  all("worker", event::chunk);
  return names;
}

/// The whole file, piece by piece, as sink(text).
template <class Sink>
void format_trace(const trace& t, Sink sink) {
  sink("{\"displayTimeUnit\":\"ns\",\"otherData\":{\"backend\":\"" + json_text(t.backend) + "\",\"dropped\":\"" +
       std::to_string(t.dropped) + "\"},\"traceEvents\":[\n" +
       "{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1,\"args\":{\"name\":\"parloop\"}}");
  for (const auto& [thread, name] : thread_names(t.events)) {
    const std::string number = std::to_string(thread);
    sink(",\n{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":1,\"tid\":" + number + ",\"args\":{\"name\":\"" + name +
         " " + number + "\"}}");
  }
  for (const trace_event& e : t.events) {
    if (e.from < t.now) sink(",\n" + json_event(t, e));
  }
  std::size_t number = 0;
  for (const arrow& a : arrows(t.events)) {
    if (a.who.to <= t.now) sink(",\n" + json_arrow(t, a, ++number));
  }
  sink(std::string("\n]}\n"));
}

#ifdef PARLOOP_DETAIL_FILES
#if defined(_WIN32)
inline int make_file(const char* path) noexcept {
  return ::_open(path, _O_WRONLY | _O_CREAT | _O_EXCL | _O_NOINHERIT | _O_BINARY, _S_IREAD | _S_IWRITE);
}
inline std::ptrdiff_t write_file(int descriptor, std::string_view text) noexcept {
  return ::_write(descriptor, text.data(), static_cast<unsigned>(smaller<std::size_t>(text.size(), 1 << 30)));
}
inline int close_file(int descriptor) noexcept { return ::_close(descriptor); }
#else
inline int make_file(const char* path) noexcept {
  return ::open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}
inline std::ptrdiff_t write_file(int descriptor, std::string_view text) noexcept {
  return ::write(descriptor, text.data(), text.size());
}
inline int close_file(int descriptor) noexcept { return ::close(descriptor); }
#endif

/// A file that is made, never opened: not through a symbolic link, not inherited by child programs, for its owner only.
class new_file {
 public:
  explicit new_file(const char* path) noexcept : descriptor_(make_file(path)), error_(descriptor_ < 0 ? errno : 0) {}
  new_file(const new_file&) = delete;
  new_file& operator=(const new_file&) = delete;
  ~new_file() { close(); }

  void write(std::string_view text) noexcept {
    while (error_ == 0 && !text.empty()) {
      const auto written = write_file(descriptor_, text);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) error_ = errno;
      if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  /// The first error, as errno has it; 0: none.
  int close() noexcept {
    if (descriptor_ >= 0 && close_file(descriptor_) != 0 && error_ == 0) error_ = errno;
    descriptor_ = -1;
    return error_;
  }

 private:
  int descriptor_;
  int error_;
};

/// `trace_so_far()` makes the trace.
template <class Make>
[[nodiscard]] std::error_code write_trace(const char* path, Make trace_so_far) noexcept {
  const auto write = [&]() -> std::error_code {
    const trace t = trace_so_far();
    new_file file(path);
    std::string buffer;
    format_trace(t, [&](const std::string& text) {
      constexpr std::size_t block = 1 << 16;
      buffer += text;
      if (buffer.size() < block) return;
      file.write(buffer);
      buffer.clear();
    });
    file.write(buffer);
    return {file.close(), std::generic_category()};
  };
  return call_or(write, [] { return std::make_error_code(std::errc::not_enough_memory); });
}
#undef PARLOOP_DETAIL_FILES
#else
template <class Make>
[[nodiscard]] std::error_code write_trace(const char*, Make) noexcept {
  return std::make_error_code(std::errc::function_not_supported);
}
#endif

}  // namespace parloop::inline v0_2::detail
