// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// A bar with rate and remaining time that shows loops on a terminal, drawn by barkeep. Optional: needs that library's
/// one header, barkeep/barkeep.h, and whoever includes this one gets barkeep's global constructors with it.
#pragma once

#if !__has_include(<barkeep/barkeep.h>)
// clang-format off
#error "parloop/progress_bar.hpp needs barkeep: get its one header (GitHub: oir/barkeep), put the folder with barkeep/barkeep.h on the include path"
// clang-format on
#endif
#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

#include <barkeep/barkeep.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "controlled_range.hpp"
#include "detail/base/atomic.hpp"
#include "detail/base/compare.hpp"
#include "detail/base/throw.hpp"

namespace parloop::inline v0_2 {

/// How a bar gets onto its stream.
enum class bar_output : int {
  automatic,  ///< redrawn on std::cerr, std::clog and std::cout when these are terminals; otherwise lines
  redrawn,    ///< one line of a terminal, drawn anew ten times a second
  lines       ///< for files: a line when the loop begins, one a minute, one when it has ended
};

namespace detail {

/// "12.3M" for 12'345'678.
inline std::string three_digits(double number) {
  const char* prefix = " kMGTPE";
  while (number >= 999.5 && prefix[1] != 0) {
    number /= 1000;
    ++prefix;
  }
  char text[32];
  std::snprintf(text, sizeof text, "%.3g%.*s", number, *prefix == ' ' ? 0 : 1, prefix);
  return text;
}

/// "9.3 s", "2:05", "1:02:05", "5 d".
inline std::string minutes_text(double seconds) {
  char text[32];
  const auto whole = static_cast<std::int64_t>(within(seconds, 0.0, 1e15));
  if (seconds < 9.95) {
    std::snprintf(text, sizeof text, "%.1f s", seconds);
  } else if (whole < 3600) {
    std::snprintf(text, sizeof text, "%d:%02d", static_cast<int>(whole / 60), static_cast<int>(whole % 60));
  } else if (whole < 100 * 3600) {
    std::snprintf(text, sizeof text, "%d:%02d:%02d", static_cast<int>(whole / 3600), static_cast<int>(whole / 60 % 60),
                  static_cast<int>(whole % 60));
  } else {
    std::snprintf(text, sizeof text, "%.3g d", seconds / 86400);
  }
  return text;
}

/// Bars of several loops at the same time would write into each other's lines.
class only_bar {
 public:
  only_bar() = default;
  only_bar(const only_bar&) = delete;
  only_bar& operator=(const only_bar&) = delete;
  ~only_bar() {
    if (mine_) taken_.store(false, memory_order_release);
  }
  [[nodiscard]] bool mine() const noexcept { return mine_; }

 private:
  static constinit inline atomic<bool> taken_{false};
  // Acquire: pairs with the release above, so that this bar goes on where the last one left the stream.
  const bool mine_ = !taken_.exchange(true, memory_order_acquire);
};

/// One loop on a bar.
class shown_loop {
  using clock = std::chrono::steady_clock;

 public:
  shown_loop(const std::string& message, std::ostream& stream, bar_output output, index_t total)
      : total_(total), unit_(total >> 55 == 0 ? 1 : 256) {
    if (!turn_.mine()) return;
    const bool lines = output == bar_output::lines;
    barkeep::AnimationConfig figures;
    figures.out = &stream;
    figures.message = text(0);
    figures.style = barkeep::Strings{""};
    figures.no_tty = lines;
    figures.show = false;
    figures_ = barkeep::Status(figures);
    barkeep::ProgressBarConfig<std::uint64_t> bar;
    bar.out = &stream;
    bar.message = message;
    bar.total = static_cast<std::uint64_t>(total / unit_);
    bar.style = lines ? barkeep::Bars : barkeep::Blocks;
    bar.no_tty = lines;
    bar.show = false;
    both_ = barkeep::Composite({barkeep::ProgressBar(&done_, bar), figures_});
    both_->show();
  }
  shown_loop(const shown_loop&) = delete;
  shown_loop& operator=(const shown_loop&) = delete;

  void operator()(index_t done, index_t /*total*/) {
    if (both_) say(done, text(done));
  }

  void ended(index_t ran) noexcept {
    if (!both_) return;
    const auto say_all = [&] {
      const double seconds = elapsed();
      say(ran, rate(ran, seconds) + (ran == total_ ? "done in " : "stopped after ") + minutes_text(seconds));
    };
    detail::call_or(say_all, [] {});  // without memory the bar keeps its last text
    both_->done();
  }

 private:
  [[nodiscard]] double elapsed() const { return std::chrono::duration<double>(clock::now() - start_).count(); }

  static std::string rate(index_t done, double seconds) {
    return three_digits(seconds > 0 ? static_cast<double>(done) / seconds : 0) + " it/s, ";
  }

  /// The mean rate, and when the rest will have run at it.
  [[nodiscard]] std::string text(index_t done) const {
    const double seconds = elapsed();
    const double rest = static_cast<double>(total_ - done) / static_cast<double>(done);
    return rate(done, seconds) + "ETA " + (done > 0 ? minutes_text(seconds * rest) : "?");
  }

  void say(index_t done, const std::string& text) {
    // Relaxed: a number by itself; the text has barkeep's mutex.
    done_.store(static_cast<std::uint64_t>(done / unit_), std::memory_order_relaxed);
    figures_->message(text);
  }

  const only_bar turn_;
  const clock::time_point start_ = clock::now();
  const index_t total_;
  const index_t unit_;                  // iterations that the bar counts as one: it multiplies by 240 in 64 bits
  std::atomic<std::uint64_t> done_{0};  // what barkeep's bar reads
  std::shared_ptr<barkeep::StatusDisplay> figures_;
  std::shared_ptr<barkeep::CompositeDisplay> both_;  // null while another loop has the bar
};

}  // namespace detail

/// Shows loops: `parallel_for(prange(n).progress(progress_bar("blur")), body)`. One bar may serve many loops, each on a
/// line of its own. While one is shown, further loops of the process, inner ones for instance, run unseen. A thread of
/// barkeep's draws, and ends with the loop, whether that ran to its end, was stopped or threw.
class progress_bar {
 public:
  /// `message` stands before the bar. The stream must outlive the loops; while they run, nobody else may write to it,
  /// unless it is one of std's.
  explicit progress_bar(std::string message = "", std::ostream& stream = std::cerr,
                        bar_output output = bar_output::automatic)
      : message_(std::move(message)), stream_(&stream), output_(output) {
    if (output_ == bar_output::automatic) output_ = on_terminal(stream) ? bar_output::redrawn : bar_output::lines;
  }

  /// What a loop of `total` iterations calls. Throws `std::system_error` when the system has no thread for the display.
  [[nodiscard]] detail::shown_loop watch(index_t total) const { return {message_, *stream_, output_, total}; }

 private:
  static bool on_terminal([[maybe_unused]] const std::ostream& stream) {
#if __has_include(<unistd.h>)
    if (&stream == &std::cout) return ::isatty(STDOUT_FILENO) == 1;
    if (&stream == &std::cerr || &stream == &std::clog) return ::isatty(STDERR_FILENO) == 1;
#endif
    return false;
  }

  std::string message_;
  std::ostream* stream_;
  bar_output output_;
};

}  // namespace parloop::inline v0_2
