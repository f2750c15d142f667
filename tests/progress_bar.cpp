// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Bars, from what arrives on their streams: complete, growing, ended in every way a loop ends; and no thread is left.
#include <fcntl.h>
#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <parloop/parloop.hpp>
#include <parloop/progress_bar.hpp>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <stop_token>
#include <streambuf>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support.hpp"

namespace pl = parloop;
using pl::index_t;

namespace {

/// Keeps what is written to it, and can be asked for it at any time.
class captured : public std::streambuf {
 public:
  [[nodiscard]] std::string text() {
    const std::scoped_lock lock(mutex_);
    return text_;
  }

 protected:
  int_type overflow(int_type c) override {
    const std::scoped_lock lock(mutex_);
    text_ += traits_type::to_char_type(c);
    return c;
  }
  std::streamsize xsputn(const char* s, std::streamsize n) override {
    const std::scoped_lock lock(mutex_);
    text_.append(s, static_cast<std::size_t>(n));
    return n;
  }

 private:
  std::mutex mutex_;
  std::string text_;
};

/// A stream and a bar on it.
struct screen {
  captured buffer;
  std::ostream stream{&buffer};

  pl::progress_bar bar(const char* message, pl::bar_output output = pl::bar_output::redrawn) {
    return pl::progress_bar(message, stream, output);
  }
  /// What was on the screen, one after another; the first is empty for a bar that is redrawn.
  std::vector<std::string> frames() {
    std::vector<std::string> all{""};
    for (const char c : buffer.text()) {
      if (c == '\r' || c == '\n') {
        all.emplace_back();
      } else {
        all.back() += c;
      }
    }
    std::erase_if(all, [](const std::string& frame) { return frame.empty(); });
    return all;
  }
};

struct figures {
  double percent;
  index_t done, total;
  std::string rate, rest;
};

/// The parts of "[clear line]MESSAGE 12.34% |bar| 12/100 1.5k it/s, ETA 0:12".
std::optional<figures> read(const std::string& frame, const std::string& message) {
  static const std::regex form("(?:\033\\[K)?(.*?) +([0-9.]+)% (\\S.*\\S) +([0-9]+)/([0-9]+) (\\S+) it/s, (.*?) *");
  std::smatch part;
  if (!std::regex_match(frame, part, form) || part[1] != message) return std::nullopt;
  return figures{std::stod(part[2]), std::stoll(part[4]), std::stoll(part[5]), part[6], part[7]};
}

/// Checks that all frames can be read, and grow, and returns them.
std::vector<figures> read_all(const std::vector<std::string>& frames, const std::string& message) {
  std::vector<figures> all;
  for (const std::string& frame : frames) {
    const auto one = read(frame, message);
    INFO("frame: " << frame);
    REQUIRE(one.has_value());
    if (!all.empty()) {
      CHECK(one->done >= all.back().done);
      CHECK(one->percent >= all.back().percent);
    }
    all.push_back(*one);
  }
  return all;
}

bool begins_with(const std::string& text, const std::string& start) { return text.rfind(start, 0) == 0; }

}  // namespace

TEST_CASE("a bar that is redrawn shows how far the loop is, its rate, when it will end, and its end") {
  const test::watchdog guard(60, "redrawn bar");
  pl::serial alone;
  pl::thread_pool pool({4});
  for (pl::backend* b : {static_cast<pl::backend*>(&alone), static_cast<pl::backend*>(&pool)}) {
    screen shown;
    // Frames that are complete, and of loops that have come further than `done`.
    const auto frames_beyond = [&shown](index_t done) {
      const auto frames = shown.frames();
      return std::count_if(frames.begin(), frames.end(), [done](const std::string& frame) {
        const auto one = read(frame, "blur");
        return one && one->done > done;
      });
    };
    std::atomic<bool> begun{false};
    std::atomic<bool> seen{false};
    std::atomic<int> runs{0};
    pl::parallel_for(*b, pl::prange(100).progress(shown.bar("blur"), std::chrono::nanoseconds(0)), [&](index_t) {
      if (!begun) begun = test::becomes_true([&] { return frames_beyond(-1) > 0; });
      test::busy_for(std::chrono::microseconds(50));
      if (++runs >= 50 && !seen) seen = test::becomes_true([&] { return frames_beyond(0) >= 2; });
    });
    CHECK(begun);
    CHECK(seen);
    const auto frames = read_all(shown.frames(), "blur");
    REQUIRE(frames.size() >= 4);
    CHECK(frames.front().percent == 0);
    CHECK(frames.front().rest == "ETA ?");
    CHECK(std::any_of(frames.begin(), frames.end(), [](const figures& one) {
      return one.done > 0 && one.done < 100 && std::regex_match(one.rest, std::regex("ETA [0-9.]+ s")) &&
             one.rate != "0";
    }));
    const figures& last = frames.back();
    CHECK(last.percent == 100);
    CHECK(last.done == 100);
    CHECK(last.total == 100);
    CHECK(std::stod(last.rate) > 0);
    CHECK(begins_with(last.rest, "done in "));
    CHECK(shown.buffer.text().back() == '\n');
    CHECK(shown.buffer.text().find("\r\033[K") == 0);
  }
}

TEST_CASE("elsewhere than on a terminal a bar writes lines, without any control character") {
  screen shown;
  pl::parallel_for(pl::prange(1000).progress(shown.bar("copy", pl::bar_output::automatic)), [](index_t) {});
  const auto lines = read_all(shown.frames(), "copy");
  REQUIRE(lines.size() >= 2);
  CHECK(lines.back().percent == 100);
  CHECK(lines.back().done == 1000);
  CHECK(begins_with(lines.back().rest, "done in "));
  const std::string text = shown.buffer.text();
  CHECK(std::all_of(text.begin(), text.end(), [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
  CHECK(text.back() == '\n');
}

TEST_CASE("by itself a bar is redrawn on a terminal") {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
  if (terminal < 0 || ::grantpt(terminal) != 0 || ::unlockpt(terminal) != 0) return;  // a system without any
  const int device = ::open(::ptsname(terminal), O_RDWR | O_NOCTTY);
  REQUIRE(device >= 0);
  const int before = ::dup(STDERR_FILENO);
  REQUIRE(::dup2(device, STDERR_FILENO) == STDERR_FILENO);
  pl::parallel_for(pl::prange(10).progress(pl::progress_bar("term")), [](index_t) {});
  ::dup2(before, STDERR_FILENO);
  ::close(before);
  ::close(device);  // so that the terminal has an end
  std::string text;
  char part[1000];
  for (ssize_t size = 0; (size = ::read(terminal, part, sizeof part)) > 0;)
    text.append(part, static_cast<std::size_t>(size));
  ::close(terminal);
  CHECK(begins_with(text, "\r\033[Kterm "));
  CHECK(text.find("100.00%") != std::string::npos);
  CHECK(text.find("10/10") != std::string::npos);
}

TEST_CASE("a bar ends with its loop, and says how far that came, when it is stopped or throws") {
  const test::watchdog guard(60, "stopped bars");
  pl::serial alone;
  const std::size_t threads = test::thread_ids().size();
  for (const bool thrown : {false, true}) {
    screen shown;
    const auto range = pl::prange(200).progress(shown.bar("half"));  // which lives on after the loop
    std::stop_source source;
    const auto body = [&](index_t i) {
      if (i == 0) CHECK(test::thread_ids().size() == threads + 1);
      test::busy_for(std::chrono::microseconds(100));  // longer than a block
      if (i == 99 && thrown) throw std::range_error("body");
      if (i == 99) source.request_stop();
    };
    if (thrown) {
      CHECK_THROWS_AS(pl::parallel_for(alone, range, body), std::range_error);
    } else {
      CHECK(pl::parallel_for(alone, range.stop(source.get_token()), body) == pl::loop_result{100, 200});
    }
    CHECK(test::thread_ids().size() == threads);
    const auto frames = read_all(shown.frames(), "half");
    CHECK(frames.back().total == 200);
    CHECK(frames.back().done == (thrown ? 99 : 100));
    CHECK(begins_with(frames.back().rest, "stopped after "));
    CHECK(shown.buffer.text().back() == '\n');
  }
}

TEST_CASE("one bar serves loops of all kinds, one after another, each on its own line") {
  screen shown;
  const pl::progress_bar bar = shown.bar("many");
  const auto range = pl::prange(500).progress(bar);
  pl::parallel_for(range, [](index_t) {});
  pl::parallel_for_chunks(range, [](index_t, index_t) {});
  CHECK(pl::parallel_sum(range, [](index_t i) { return i; }) == 500 * 499 / 2);
  CHECK(pl::parallel_reduce(range, index_t{0}, std::plus<>(), [](index_t) { return 1; }) == 500);
  CHECK(pl::parallel_max(range, [](index_t i) { return i; }) == 499);
  pl::parallel_for(
      range, [] { return 0; }, [](index_t, int&) {});
  pl::parallel_for(pl::grid(20, 25).progress(bar), [](index_t, index_t) {});
  pl::parallel_for(pl::prange(0).progress(bar), [](index_t) {});
  std::istringstream text(shown.buffer.text());
  std::vector<std::string> last;
  for (std::string line; std::getline(text, line);) last.push_back(line.substr(line.rfind('\r') + 1));
  REQUIRE(last.size() == 8);
  for (std::size_t i = 0; i < 8; ++i) {
    INFO(last[i]);
    const auto end = read(last[i], "many");
    REQUIRE(end.has_value());
    CHECK(end->percent == 100);
    CHECK(end->done == (i < 7 ? 500 : 0));
    CHECK(end->total == end->done);
  }
}

TEST_CASE("while a bar is shown, inner loops and those of other threads run unseen") {
  const test::watchdog guard(60, "bars at the same time");
  screen outer, inner;
  std::atomic<index_t> runs{0};
  pl::parallel_for(pl::prange(40).progress(outer.bar("outer")), [&](index_t) {
    test::busy_for(std::chrono::microseconds(100));
    pl::parallel_for(pl::prange(10).progress(inner.bar("inner")), [&](index_t) { ++runs; });
    pl::parallel_for(pl::prange(10).progress(outer.bar("other")), [&](index_t) { ++runs; });
  });
  CHECK(runs == 800);
  CHECK(inner.buffer.text().empty());
  CHECK(read_all(outer.frames(), "outer").back().done == 40);
  pl::parallel_for(pl::prange(10).progress(inner.bar("inner")), [&](index_t) { ++runs; });
  CHECK(read_all(inner.frames(), "inner").back().done == 10);
}

TEST_CASE("after its loop a bar leaves nobody awake") {
  const test::watchdog guard(60, "threads after a bar");
  pl::thread_pool pool({.threads = 4, .idle = pl::idle::park()});
  const auto loop = [&pool](auto range) {
    pl::parallel_for(pool, range, [](index_t) { test::busy_for(std::chrono::microseconds(100)); });
  };
  loop(pl::prange(2000));
  const std::vector<int> before = test::thread_ids();
  screen shown;
  loop(pl::prange(2000).progress(shown.bar("idle")));
  std::vector<int> after = test::thread_ids();
  std::erase_if(after, [&](int id) { return std::count(before.begin(), before.end(), id) != 0; });
  for (const int id : after) CHECK(test::status_of(id, "Name") == "parloop");  // a worker that came late, no display
  CHECK(test::becomes_true(test::other_threads_sleep));
  const auto sleeps = [] {
    long long sum = 0;
    for (const int id : test::worker_ids()) sum += test::sleeps_of(id);
    return sum;
  };
  const long long so_far = sleeps();
  const std::size_t written = shown.buffer.text().size();
  test::let_pass(std::chrono::milliseconds(350));  // a display would have drawn three times
  CHECK(sleeps() == so_far);
  CHECK(shown.buffer.text().size() == written);
}

TEST_CASE("loops of more iterations than a bar can multiply") {
  pl::serial alone;
  screen shown;
  std::stop_source source;
  constexpr index_t most = (std::numeric_limits<index_t>::max)();
  const auto range = pl::prange(most).progress(shown.bar("huge")).stop(source.get_token());
  const auto result = pl::parallel_for(alone, range, [&](index_t) { source.request_stop(); });
  CHECK(result.total == most);
  const auto end = read_all(shown.frames(), "huge").back();
  CHECK(end.percent == 0);
  CHECK(end.total == most / 256);
  CHECK(begins_with(end.rest, "stopped after "));
}

TEST_CASE("rates and times are short") {
  using pl::detail::minutes_text;
  using pl::detail::three_digits;
  CHECK(three_digits(0) == "0");
  CHECK(three_digits(0.0123) == "0.0123");
  CHECK(three_digits(999.4) == "999");
  CHECK(three_digits(999.6) == "1k");
  CHECK(three_digits(12'345'678) == "12.3M");
  CHECK(three_digits(9e20) == "900E");
  CHECK(minutes_text(0) == "0.0 s");
  CHECK(minutes_text(9.94) == "9.9 s");
  CHECK(minutes_text(9.96) == "0:09");
  CHECK(minutes_text(125) == "2:05");
  CHECK(minutes_text(3599.9) == "59:59");
  CHECK(minutes_text(3725) == "1:02:05");
  CHECK(minutes_text(1e6) == "11.6 d");
  CHECK(minutes_text(1e30) == "1.16e+25 d");
}
