// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// One call of a loop under examination: its clocks, and what its chunks come to. For examined.hpp and
/// backend/doctor.hpp.
#pragma once

#include <utility>

#include "../../backend.hpp"
#include "../base/atomic.hpp"
#include "../base/cpu_clock.hpp"
#include "../base/thread_number.hpp"
#include "site_record.hpp"

namespace parloop::inline v0_2::detail {

/// CPU time so far in seconds, of the calling thread and of all.
[[nodiscard]] inline double caller_cpu() noexcept { return std::chrono::duration<double>(thread_cpu_time()).count(); }
[[nodiscard]] inline double process_cpu() noexcept { return std::chrono::duration<double>(process_cpu_time()).count(); }

/// Looks at the CPU clocks now and then, not at every loop: at a loop's start and end, and at the start of the next.
class cpu_watch {
 public:
  void loop_starts(ticks time) noexcept {
    if (gap_of_ != nullptr) gap_ends(time);
    watching_ = time >= next_look_;
    if (watching_) process_ = process_cpu();
  }
  /// CPU time of all threads since the start; negative when this loop is none of those looked at.
  [[nodiscard]] double loop_ends(ticks time, site_record* site) noexcept {
    if (!watching_) return -1;
    watching_ = false;
    const double before = std::exchange(process_, process_cpu());
    caller_ = caller_cpu();
    gap_of_ = site;
    gap_start_ = time;
    next_look_ = time + to_ticks(between_looks);
    return process_ - before;
  }

 private:
  static constexpr std::chrono::milliseconds between_looks{20};  // at 1 us: next to nothing
  // The clock lags behind for threads that run just now, which is much of a short gap.
  static constexpr std::chrono::milliseconds shortest_gap{1};

  [[gnu::noinline]] void gap_ends(ticks time) noexcept {
    const double others = (process_cpu() - process_) - (caller_cpu() - caller_);
    const ticks gap = time - gap_start_;
    if (gap >= to_ticks(shortest_gap)) gap_of_->add_gap(gap, others);
    gap_of_ = nullptr;
  }

  double process_ = 0;
  double caller_ = 0;
  ticks next_look_ = 0;
  ticks gap_start_ = 0;
  site_record* gap_of_ = nullptr;  // the loop before the gap that is being watched
  bool watching_ = false;
};
inline thread_local constinit cpu_watch cpu_watch_here{};

/// A call that is under way.
struct examination {
  site_record* site = nullptr;
  call_figures figures;
  site_record::plan plan{};
  ticks start = 0;
  int threads = 1;
};
/// The innermost call of this thread that no backend has been given yet.
inline thread_local constinit examination* examined_here = nullptr;

/// Stands between a loop and its backend and takes the time of every chunk. Relaxed throughout: a slot is its thread's
/// own as long as there are no more threads than slots, and the end of the loop orders all before summary().
class chunk_recorder {
 public:
  explicit chunk_recorder(const loop& work) noexcept : chunk_(work.chunk), caller_(thread_number()), start_(now()) {}

  [[nodiscard]] chunk_fn chunk() noexcept { return {&record, this}; }

  /// To be called when the loop has ended. Adds to what earlier loops of the same verb came to.
  void summary(call_figures& to) const noexcept {
    const ticks end = now();
    double participants = 0;
    ticks first_helper = end;
    ticks first_done = end;
    for (const slot& s : slots_) {
      const index_t chunks = s.chunks.load(memory_order_relaxed);
      if (chunks == 0) continue;
      participants += 1;
      to.chunks += static_cast<double>(chunks);
      to.work += 1e-9 * static_cast<double>(s.cpu.load(memory_order_relaxed));
      to.in_chunks += s.busy.load(memory_order_relaxed);
      first_done = smaller(first_done, s.last.load(memory_order_relaxed));
      if (&s != &slots_[caller_ % most]) first_helper = smaller(first_helper, s.first.load(memory_order_relaxed));
      if (const double l = 1e-9 * static_cast<double>(s.longest.load(memory_order_relaxed)); l > to.longest) {
        to.longest = l;
        to.longest_iterations = static_cast<double>(s.longest_iterations.load(memory_order_relaxed));
      }
    }
    to.participants = larger(to.participants, participants);
    to.after_sharing += end - start_;
    to.wake += larger<ticks>(first_helper - start_, 0);
    to.tail += participants > 1 ? larger<ticks>(end - first_done, 0) : 0;
    to.detailed = true;
  }

 private:
  static constexpr std::size_t most = 64;
  struct alignas(64) slot {
    atomic<ticks> busy{0}, first{0}, last{0};
    atomic<std::int64_t> cpu{0}, longest{0};  // ns
    atomic<index_t> longest_iterations{0}, chunks{0};
  };

  static void record(void* self, index_t begin, index_t end) noexcept {
    static_cast<chunk_recorder*>(self)->run(begin, end);
  }
  void run(index_t begin, index_t end) noexcept {
    const double cpu_from = caller_cpu();
    const ticks from = now();
    chunk_(begin, end);
    const ticks to = now();
    const auto cpu = static_cast<std::int64_t>(1e9 * (caller_cpu() - cpu_from));
    slot& s = slots_[thread_number() % most];
    s.busy.fetch_add(larger<ticks>(to - from, 0), memory_order_relaxed);
    s.cpu.fetch_add(cpu, memory_order_relaxed);
    if (s.chunks.fetch_add(1, memory_order_relaxed) == 0) s.first.store(from, memory_order_relaxed);
    s.last.store(to, memory_order_relaxed);
    if (cpu <= s.longest.load(memory_order_relaxed)) return;
    s.longest.store(cpu, memory_order_relaxed);
    s.longest_iterations.store(end - begin, memory_order_relaxed);
  }

  chunk_fn chunk_;
  unsigned caller_;
  ticks start_;
  slot slots_[most];
};

}  // namespace parloop::inline v0_2::detail
