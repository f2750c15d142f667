// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Stopping loops and reporting on them: runs chunks in short blocks and looks about between them. For algorithm/.
#pragma once

#include <type_traits>
#include <utility>

#include "../../controlled_range.hpp"
#include "../base/atomic.hpp"
#include "../base/compare.hpp"
#include "../base/durations.hpp"
#include "../base/ticks.hpp"

namespace parloop::inline v0_2::detail {

/// A loop that runs to its end, unseen.
struct uncontrolled {
  template <class Run>
  static void in_blocks(index_t begin, index_t end, index_t /*granule*/, const Run& run) {
    run(begin, end);
  }
  template <class Run>
  static void one_block(index_t begin, index_t end, const Run& run) {
    run(begin, end);
  }
};

inline constexpr uncontrolled free_running{};

/// The time that a block should take: long against looking about, which costs 0.1 us, and short for who waits.
inline constexpr std::chrono::nanoseconds block_time = std::chrono::microseconds(30);

/// Whom a loop of `total` iterations tells: the callback, or what a display makes for this loop.
template <class Progress>
decltype(auto) listener(const Progress& progress, [[maybe_unused]] index_t total) {
  if constexpr (std::is_same_v<Progress, no_progress>) {
    return progress;
  } else if constexpr (loop_display<decltype(progress.callback)>) {
    return progress.callback.watch(total);
  } else {
    return (progress.callback);
  }
}

/// What the threads that work on one controlled loop share. Lives on its caller's stack.
template <class Stop, class Progress>
class control {
 public:
  template <class Range>
  explicit control(const controlled_range<Range, Stop, Progress>& range)
      : total_(range.size()),
        stop_(range.stop_token()),
        progress_(range.reports()),
        listener_(detail::listener(progress_, total_)) {
    if constexpr (reports) last_report_.store(now(), memory_order_relaxed);  // before others come
  }
  control(const control&) = delete;
  control& operator=(const control&) = delete;
  ~control() {
    // Relaxed: the end of the loop orders it.
    if constexpr (!std::is_reference_v<listener_type>) listener_.ended(done_.load(memory_order_relaxed));
  }

  /// Runs the iterations [begin, end) by run(begin, end) in blocks that take about `block_time` each and begin at
  /// multiples of `granule`, until they have run or the loop is to stop.
  template <class Run>
  void in_blocks(index_t begin, index_t end, index_t granule, const Run& run) {
    const auto target = static_cast<double>(to_ticks(block_time));
    // Relaxed: a guess that makes a first block somewhat too short or too long.
    index_t block = granules_.load(memory_order_relaxed);
    ticks last = now();
    while (begin < end && proceed()) {
      const index_t stop = block > (end - begin) / granule ? end : begin + block * granule;
      run(begin, stop);
      const ticks time = now();
      finished(stop - begin, time);
      const double growth = target / static_cast<double>(larger<ticks>(time - last, 1));
      const double wanted = static_cast<double>(block) * within(growth, 0.01, 8.0);
      const bool cut_short = stop - begin < block * granule;  // says little about whole blocks
      if (!cut_short || growth < 1) block = within<index_t>(static_cast<index_t>(within(wanted, 1.0, 1e15)), 1, total_);
      last = time;
      begin = stop;
    }
    granules_.store(block, memory_order_relaxed);
  }

  /// Runs the iterations [begin, end) by run(begin, end), or none of them when the loop is to stop.
  template <class Run>
  void one_block(index_t begin, index_t end, const Run& run) {
    if (!proceed()) return;
    run(begin, end);
    finished(end - begin, reports ? now() : 0);
  }

  [[nodiscard]] bool proceed() const noexcept { return !stop_.stop_requested(); }

  /// To be called when the loop has ended without an exception.
  loop_result end() {
    const index_t ran = done_.load(memory_order_relaxed);  // the end of the loop orders it
    if constexpr (reports) {
      if (ran == total_) listener_(total_, total_);
    }
    return {ran, total_};
  }

 private:
  static constexpr bool reports = !std::is_same_v<Progress, no_progress>;
  using listener_type = decltype(detail::listener(std::declval<const Progress&>(), index_t()));

  void finished(index_t iterations, [[maybe_unused]] ticks time) {
    done_.fetch_add(iterations, memory_order_relaxed);  // orders nothing, only counts
    if constexpr (reports) report(time);
  }

  void report(ticks time) {
    // Relaxed: a hint, looked at again below.
    const ticks interval = to_ticks(std::chrono::duration_cast<std::chrono::nanoseconds>(progress_.interval));
    if (time - last_report_.load(memory_order_relaxed) < interval) return;
    // Acquire: pairs with the release below, so that the callback sees what its last call wrote.
    if (reporting_.exchange(true, memory_order_acquire)) return;
    struct release {
      atomic<bool>& flag;
      ~release() { flag.store(false, memory_order_release); }
    } const when_done{reporting_};
    if (time - last_report_.load(memory_order_relaxed) < interval) return;
    const index_t done = done_.load(memory_order_relaxed);
    if (done <= reported_ || done == total_) return;  // the last word is the caller's
    reported_ = done;
    last_report_.store(now(), memory_order_relaxed);
    listener_(done, total_);
  }

  const index_t total_;
  const Stop& stop_;
  const Progress& progress_;
  listener_type listener_;
  alignas(64) atomic<index_t> done_{0};
  atomic<index_t> granules_{1};
  atomic<ticks> last_report_{0};
  atomic<bool> reporting_{false};
  index_t reported_ = 0;  // by who holds reporting_
};

template <class Range, class Stop, class Progress>
control(const controlled_range<Range, Stop, Progress>&) -> control<Stop, Progress>;

}  // namespace parloop::inline v0_2::detail
