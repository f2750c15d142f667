// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What a trace keeps of each event, and what it makes of them: who woke whom. For backend/traced.hpp.
#pragma once

#include <algorithm>
#include <string_view>
#include <tuple>
#include <vector>

#include "../../index.hpp"
#include "../base/atomic.hpp"
#include "../base/compare.hpp"
#include "../base/ticks.hpp"

namespace parloop::inline v0_2::detail {

enum class event : int { none, section, loop, chunk, living, parked, waiting, waking };

/// What happened on one thread, from when to when.
struct trace_event {
  std::string_view name{};  ///< of a loop or a section
  ticks from = 0;
  ticks to = 0;         ///< 0: has not ended
  index_t begin = 0;    ///< of a chunk; of a loop, the number of iterations; of waking, how many are woken
  index_t end = 0;      ///< of a chunk; of a loop, the grain
  const void* where{};  ///< the same for those that sleep and those that wake them
  unsigned thread = 0;
  event what = event::none;

  [[nodiscard]] bool is_asleep() const noexcept { return what == event::parked || what == event::waiting; }
};

/// A place for an event, which one thread fills while others may look.
class trace_record {
 public:
  void write(const trace_event& e) noexcept {
    event_ = e;
    to_.store(e.to, memory_order_relaxed);       // published by the next line
    written_.store(true, memory_order_release);  // pairs with the acquire in read
  }
  /// It ends; once, after write(). Relaxed: nothing but a time.
  void end(ticks to) noexcept { to_.store(to, memory_order_relaxed); }

  /// What has been written; `none` if nothing has.
  [[nodiscard]] trace_event read() const noexcept {
    if (!written_.load(memory_order_acquire)) return {};
    trace_event e = event_;
    e.to = to_.load(memory_order_relaxed);
    return e;
  }

 private:
  trace_event event_{};  // but for `to`
  atomic<ticks> to_{0};
  atomic<bool> written_{false};
};

/// Somebody woke somebody.
struct arrow {
  trace_event by;
  trace_event who;
};

/// For each sleep that has ended, the last event at the same place, while it lasted, that could end it: one that woke
/// k threads ends k sleeps at most. Sleeps that ended by themselves have none.
[[nodiscard]] inline std::vector<arrow> arrows(const std::vector<trace_event>& events) {
  std::vector<trace_event> wakes;
  std::vector<trace_event> sleeps;
  for (const trace_event& e : events) {
    if (e.what == event::waking) wakes.push_back(e);
    if (e.is_asleep() && e.to != 0) sleeps.push_back(e);
  }
  // Each place for itself, in the order of time; places have an order as texts have, and no more sense.
  const auto key = [](const void* where, ticks when) {
    return std::tuple(reinterpret_cast<std::uintptr_t>(where), when);
  };
  std::ranges::sort(wakes, {}, [&](const trace_event& e) { return key(e.where, e.from); });
  std::ranges::sort(sleeps, {}, [](const trace_event& e) { return e.to; });
  std::vector<arrow> found;
  for (const trace_event& sleep : sleeps) {
    auto wake = std::ranges::upper_bound(wakes, key(sleep.where, sleep.to), {},
                                         [&](const trace_event& e) { return key(e.where, e.from); });
    while (wake != wakes.begin()) {
      --wake;
      if (wake->where != sleep.where || (wake->to != 0 && wake->to < sleep.from)) break;
      if (wake->begin == 0) continue;
      --wake->begin;
      found.push_back({*wake, sleep});
      break;
    }
  }
  return found;
}

/// The events that had begun when this was called.
[[nodiscard]] inline std::vector<trace_event> events_so_far(const trace_record* records, std::size_t count) {
  std::vector<trace_event> events;
  for (const trace_record* r = records; r != records + count; ++r) {
    if (const trace_event e = r->read(); e.what != event::none) events.push_back(e);
  }
  return events;
}

}  // namespace parloop::inline v0_2::detail
