// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Stopping loops and reporting on them: runs chunks in short blocks and looks about between them. For algorithm/.
#pragma once

#include <type_traits>
#include <utility>

#include "../../controlled_range.hpp"
#include "../../options.hpp"
#include "../base/atomic.hpp"
#include "../base/compare.hpp"
#include "../base/durations.hpp"
#include "../base/ticks.hpp"
#include "../loop/run_chunks.hpp"

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
  [[nodiscard]] static constexpr bool cut_short() noexcept { return false; }
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
      : control(range.size(), range.stop_token(), range.reports()) {}
  /// `stop` and `progress` outlive this object.
  control(index_t total, const Stop& stop, const Progress& progress)
      : total_(total), stop_(stop), progress_(progress), listener_(detail::listener(progress_, total_)) {
    if constexpr (reports) last_report_.store(now(), memory_order_relaxed);  // before others come
  }
  control(const control&) = delete;
  control& operator=(const control&) = delete;
  ~control() {
    // Relaxed: the end of the loop orders it.
    if constexpr (!std::is_reference_v<listener_type>) listener_.ended(done_.load(memory_order_relaxed));
  }

  /// Runs the iterations [begin, end) by run(begin, end) in blocks that take about `block_time` each and begin at
  /// multiples of `granule`, until they have run or the loop is to stop. Where `run` returns something, it is how many
  /// iterations of the total it has ended.
  template <class Run>
  void in_blocks(index_t begin, index_t end, index_t granule, const Run& run) {
    const auto target = static_cast<double>(to_ticks(block_time));
    // Relaxed: a guess that makes a first block somewhat too short or too long.
    index_t block = granules_.load(memory_order_relaxed);
    ticks last = now();
    while (begin < end) {
      if (!proceed()) return note_cut_short();
      const index_t stop = block > (end - begin) / granule ? end : begin + block * granule;
      const index_t ended = ended_by(run, begin, stop);
      const ticks time = now();
      finished(ended, time);
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
    if (!proceed()) return note_cut_short();
    run(begin, end);
    finished(end - begin, reports ? now() : 0);
  }

  [[nodiscard]] bool proceed() const noexcept { return !stop_.stop_requested(); }

  /// Whether something has been left out, to be asked between the loops of one verb. Relaxed: a loop's end orders it.
  [[nodiscard]] bool cut_short() const noexcept { return cut_short_.load(memory_order_relaxed); }

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

  template <class Run>
  static index_t ended_by(const Run& run, index_t begin, index_t end) {
    if constexpr (std::is_void_v<std::invoke_result_t<const Run&, index_t, index_t>>) {
      run(begin, end);
      return end - begin;
    } else {
      return run(begin, end);
    }
  }

  void note_cut_short() noexcept { cut_short_.store(true, memory_order_relaxed); }

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
  atomic<bool> cut_short_{false};
  index_t reported_ = 0;  // by who holds reporting_
};

template <class Range, class Stop, class Progress>
control(const controlled_range<Range, Stop, Progress>&) -> control<Stop, Progress>;

/// How far a loop came, for those that can be stopped.
template <class Stop, class Progress>
auto answer(control<Stop, Progress>& watch) {
  const loop_result result = watch.end();
  if constexpr (!std::is_same_v<Stop, no_stop>) return result;
}
inline void answer(uncontrolled&) noexcept {}

template <class Stop, class Progress>
auto control_of(const options<Stop, Progress>& how, index_t total) {
  if constexpr (std::is_same_v<Stop, no_stop> && std::is_same_v<Progress, no_progress>) {
    return uncontrolled();
  } else {
    return control<Stop, Progress>(total, how.stop_token(), how.reports());
  }
}

/// What looks after a verb's loop over `total` iterations, and is to be given to `run_watched` and `answer`: a control
/// only where somebody is to be asked or told. A loop that counts them by the `unit` says so.
template <setting Options>
auto watch_over(const Options& how, index_t total, [[maybe_unused]] index_t unit = 1) {
  static_assert(some_options<Options>,
                "parloop: arrays bring their size along, so that their verbs take no range: write options().threads(2) "
                "in its place");
  if constexpr (requires { how.tell_size(total, unit); }) how.tell_size(total, unit);
  if constexpr (some_options<Options>) {
    return detail::control_of(how, total);
  } else {
    return uncontrolled();
  }
}

template <setting Options>
constexpr loop_options limits_of(const Options& how) noexcept {
  if constexpr (some_options<Options>) return how.limits();
  return {};
}

/// Runs chunk(begin, end) over n iterations, under a control in blocks that begin at multiples of `granule`.
template <class Watch, class Chunk>
void run_watched(backend* b, index_t n, loop_options limits, Watch& watch, index_t granule, const Chunk& chunk) {
  if constexpr (std::is_same_v<std::remove_const_t<Watch>, uncontrolled>) {
    detail::run_chunks(b, n, limits, chunk);
  } else {
    detail::run_chunks(b, n, limits, [&watch, &chunk, granule](index_t begin, index_t end) {
      watch.in_blocks(begin, end, granule, chunk);
    });
  }
}

}  // namespace parloop::inline v0_2::detail
