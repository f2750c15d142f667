// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Where one loop's caller lets workers in, shuts the latecomers out, and waits for those inside. For
/// detail/team/team.hpp; its states are in IDLE.md.
#pragma once

#include <cstdint>

#include "../base/atomic.hpp"
#include "../base/ticks.hpp"
#include "entrances.hpp"
#include "nesting.hpp"
#include "way_out.hpp"

namespace parloop::inline v0_2::detail {

class task_batch;

/// What a worker does once inside: takes part in the loop at `work` as number `participant`; returns when it finds no
/// more to do.
struct job {
  void (*take_part)(void* work, int participant) noexcept = nullptr;
  void* work = nullptr;
  const void* body = nullptr;   ///< where the loop's body is; only used to fetch it early
  task_batch* batch = nullptr;  ///< of the launched task that runs the loop; who waits for it may enter
};

/// The way in is one word, or several for many workers. They leave another way, as those that look for work poll this.
class door {
 public:
  static constexpr int most_inside = 255;

  /// To be called once, before any other, for a team whose loops may need entrances.
  [[gnu::cold]] void come_by(entrances::entrance* all) noexcept { entrances_.use(all); }

  /// Opens a door that is shut and empty. Only the caller that holds the door does this. `around`: the doors of the
  /// loops in whose chunks the caller is, a bit each.
  void open(job what, int most, door_set around) noexcept {
    take_part_.store(what.take_part, memory_order_relaxed);  // published by the gates' stores below
    work_.store(what.work, memory_order_relaxed);
    body_.store(what.body, memory_order_relaxed);
    batch_.store(what.batch, memory_order_relaxed);
    around_.store(around, memory_order_relaxed);
    if (entrances::needed_for(most) == 0) {
      front_.open(most);
    } else {
      entrances_.open(most);
    }
  }

  /// Whether this worker could enter, or a caller. A hint; relaxed, because enter decides.
  [[nodiscard]] bool has_room(int worker = 0) const noexcept {
    return front_.has_room() || entrances_.has_room(worker);
  }

  /// How many workers have come.
  [[nodiscard]] int came() const noexcept { return counted().came; }

  /// How many workers the loop has, those that it still lets in among them; rather too many than too few.
  [[nodiscard]] int wanted() const noexcept {
    const entrances::counts c = counted();
    return c.open ? c.wanted : c.came - out_.gone(c.came, c.used, before_.load(memory_order_relaxed));
  }

  /// How many more it lets in.
  [[nodiscard]] int room() const noexcept {
    const entrances::counts c = counted();
    return c.wanted - c.came;
  }

  /// Returns the number of the worker in the loop, from 1 on, or 0 when it does not let in one more. Then take_part and
  /// leave have to follow.
  int enter(int worker = 0) noexcept {
    fetch_early();
    const int number = front_.enter();
    return number != 0 ? number : entrances_.enter(worker);
  }

  /// Enters a loop nested in one of those whose doors are in the set `outer`, and no other.
  int enter_within(door_set outer) noexcept {
    if ((around_.load(memory_order_relaxed) & outer) == 0) return 0;  // a hint
    const int participant = enter();
    // Now it is certain: what the door served may have changed in between, and does no more.
    if (participant == 0 || (around_.load(memory_order_relaxed) & outer) != 0) return participant;
    leave(participant);  // which costs that loop its other helpers, not its iterations
    return 0;
  }

  /// Whether who waits for `batch` could enter. A hint, as has_room.
  [[nodiscard]] bool has_room_for(const task_batch& batch) const noexcept {
    return batch_.load(memory_order_relaxed) == &batch && has_room();
  }
  /// Enters a loop of a task of this batch, and no other.
  int enter_for(const task_batch& batch) noexcept {
    if (!has_room_for(batch)) return 0;
    const int participant = enter();
    if (participant == 0 || batch_.load(memory_order_relaxed) == &batch) return participant;  // as above
    leave(participant);
    return 0;
  }

  /// Wakes the caller if it sleeps until the door is empty: there is a loop nested in its own that it can help.
  void notify_waiter() noexcept { out_.notify_waiter(); }

  /// Only for workers inside. Relaxed: ordered by the acquire in enter.
  void take_part(int participant) const noexcept {
    take_part_.load(memory_order_relaxed)(work_.load(memory_order_relaxed), participant);
  }

  /// Leaves and shuts the door: who finds no more to do knows that nobody else will. After this the door may already
  /// serve another loop; waking a caller that has gone is harmless. `participant` is what enter returned.
  void leave(int participant) noexcept {
    if (!entrances_.exist()) {
      front_.shut();
    } else if (!entrances_.leave(participant)) {
      return;
    }
    out_.leave();
  }

  /// Shuts the door and returns when the last worker inside has left. Meanwhile it calls help(), which says whether it
  /// did anything, and polls for `longest_spin` ticks at a time before it sleeps, or not at all when a worker inside
  /// came by this CPU. Does not wait when `abandoned()` is true, which it is in a forked child: those inside do not
  /// exist there.
  template <class Abandoned, class Help>
  void shut(ticks longest_spin, Abandoned abandoned, Help help) noexcept {
    const bool several = entrances_.exist();
    if (const int steps = several ? entrances_.shut() : front_.shut(); steps != 0) {
      const std::uint32_t before = before_.load(memory_order_relaxed);
      out_.wait_for(steps, before, longest_spin, abandoned, help,
                    [this, several] { return several ? entrances_.one_came_from_here() : front_.last_is_here(); });
      before_.store(way_out::after(steps, before), memory_order_relaxed);
    }
    if (several) {
      entrances_.clear();
    } else {
      front_.clear();
    }
  }

 private:
  [[nodiscard]] entrances::counts counted() const noexcept {
    if (entrances_.exist()) return entrances_.counted();
    const gate::counts c = front_.counted();
    return {c.came, c.wanted, c.came, c.open};
  }

  /// The lines that a worker will read, asked for at once instead of one after the other: each is in the caller's
  /// cache, 0.2-0.4 us away. The pointers may be those of a loop that has ended; a prefetch does not fault.
  void fetch_early() const noexcept {
    constexpr std::ptrdiff_t line = 64;
    const auto* work = static_cast<const char*>(work_.load(memory_order_relaxed));
    const auto* body = static_cast<const char*>(body_.load(memory_order_relaxed));
#if defined(__GNUC__)  // and clang
    __builtin_prefetch(work);
    __builtin_prefetch(work + 2 * line, 1);
    __builtin_prefetch(body);
    __builtin_prefetch(body + line);
    __builtin_prefetch(body + 2 * line);
    __builtin_prefetch(body + 3 * line);
#else
    (void)work, (void)body, (void)line;
#endif
  }

  way_out out_;  // on a line of its own
  alignas(64) gate front_;
  atomic<std::uint32_t> before_{0};  // out_'s count before this loop
  atomic<door_set> around_{0};       // the doors of the loops around this one, a bit each
  entrances entrances_;              // in place of front_, for loops that want many
  // A line of its own: others come and go through the one above while who has just come reads this.
  alignas(64) atomic<void (*)(void*, int) noexcept> take_part_{nullptr};
  atomic<void*> work_{nullptr};
  atomic<const void*> body_{nullptr};
  atomic<task_batch*> batch_{nullptr};
};

}  // namespace parloop::inline v0_2::detail
