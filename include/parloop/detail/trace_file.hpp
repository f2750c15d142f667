// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Writes records as a file in Chrome's trace event format. For backend/traced.hpp.
///
/// Source of the format: "Trace Event Format", the Chromium project: complete events ("ph": "X"), times in
/// microseconds.
#pragma once

#include <cerrno>
#include <cstdio>
#include <set>
#include <string>
#include <string_view>
#include <system_error>

#include "../index.hpp"
#include "thread_number.hpp"
#include "ticks.hpp"

#if __has_include(<fcntl.h>) && __has_include(<unistd.h>)
#include <fcntl.h>
#include <unistd.h>
#define PARLOOP_DETAIL_POSIX_FILES
#endif

namespace parloop::inline v0::detail {

struct trace_record {
  std::string_view name{};  ///< of a loop or a section
  ticks from = 0;
  ticks to = 0;
  index_t begin = 0;  ///< of a chunk; of a loop, the number of iterations; 0 for a section
  index_t end = 0;    ///< of a chunk; of a loop, the grain
  unsigned thread = 0;
  bool whole = false;  ///< a loop or a section, not a chunk
};

struct trace {
  const trace_record* records = nullptr;
  std::size_t count = 0;
  std::size_t dropped = 0;
  ticks start = 0;
  double rate = 1;  ///< ticks per nanosecond
  std::string_view backend{};
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

/// One event, or an empty line's worth less when it does not fit, which it does.
[[nodiscard]] inline std::string trace_event(const trace& t, const trace_record& r) {
  const double us = 1e-3 / t.rate;
  const std::string name = !r.whole ? "chunk" : json_text(r.name.empty() ? std::string_view("loop") : r.name);
  char rest[256];
  const char* format = !r.whole       ? "\"begin\":%lld,\"end\":%lld"
                       : r.begin == 0 ? ""
                                      : "\"iterations\":%lld,\"grain\":%lld";
  char arguments[96];
  std::snprintf(arguments, sizeof arguments, format, static_cast<long long>(r.begin), static_cast<long long>(r.end));
  std::snprintf(rest, sizeof rest, "\"ph\":\"X\",\"pid\":1,\"tid\":%u,\"ts\":%.3f,\"dur\":%.3f,\"args\":{%s}}",
                r.thread, static_cast<double>(r.from - t.start) * us, static_cast<double>(r.to - r.from) * us,
                arguments);
  return "{\"name\":\"" + name + "\"," + rest;
}

/// The whole file, piece by piece, as sink(text).
template <class Sink>
void format_trace(const trace& t, Sink sink) {
  sink("{\"displayTimeUnit\":\"ns\",\"otherData\":{\"backend\":\"" + json_text(t.backend) + "\",\"dropped\":\"" +
       std::to_string(t.dropped) + "\"},\"traceEvents\":[\n" +
       "{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1,\"args\":{\"name\":\"parloop\"}}");
  std::set<unsigned> callers;
  std::set<unsigned> threads;
  for (const trace_record* r = t.records; r != t.records + t.count; ++r) {
    threads.insert(r->thread);
    if (r->whole) callers.insert(r->thread);
  }
  for (const unsigned thread : threads) {
    const std::string number = std::to_string(thread);
    sink(",\n{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":1,\"tid\":" + number + ",\"args\":{\"name\":\"" +
         (callers.contains(thread) ? "caller " : "worker ") + number + "\"}}");
  }
  for (const trace_record* r = t.records; r != t.records + t.count; ++r) sink(",\n" + trace_event(t, *r));
  sink(std::string("\n]}\n"));
}

#ifdef PARLOOP_DETAIL_POSIX_FILES
/// A file that is made, never opened: not through a symbolic link, not inherited by child programs, for its owner only.
class new_file {
 public:
  explicit new_file(const char* path) noexcept
      : descriptor_(::open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)),
        error_(descriptor_ < 0 ? errno : 0) {}
  new_file(const new_file&) = delete;
  new_file& operator=(const new_file&) = delete;
  ~new_file() { close(); }

  void write(std::string_view text) noexcept {
    while (error_ == 0 && !text.empty()) {
      const auto written = ::write(descriptor_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) error_ = errno;
      if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  /// The first error, as errno has it; 0: none.
  int close() noexcept {
    if (descriptor_ >= 0 && ::close(descriptor_) != 0 && error_ == 0) error_ = errno;
    descriptor_ = -1;
    return error_;
  }

 private:
  int descriptor_;
  int error_;
};

[[nodiscard]] inline std::error_code write_trace(const char* path, const trace& t) noexcept {
  try {
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
  } catch (...) {
    return std::make_error_code(std::errc::not_enough_memory);
  }
}
#undef PARLOOP_DETAIL_POSIX_FILES
#else
[[nodiscard]] inline std::error_code write_trace(const char*, const trace&) noexcept {
  return std::make_error_code(std::errc::function_not_supported);
}
#endif

}  // namespace parloop::inline v0::detail
