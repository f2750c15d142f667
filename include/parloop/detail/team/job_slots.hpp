// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The doors of a team: callers take one each, workers look for one with room. For detail/team/team.hpp.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "../base/atomic.hpp"
#include "../base/compare.hpp"
#include "../base/current_cpu.hpp"
#include "door.hpp"

namespace parloop::inline v0_2::detail {

/// The places of a team for running loops, each with a door. A caller takes a slot, opens its door, and gives the slot
/// back when the loop has ended; workers that spin or wake look for a door with room, callers that wait for one nested
/// in their own loop.
///
/// No loop is missed: a slot that is taken and open is seen by every worker that looks after it was counted as a
/// sleeper (PROOF.md, lemma 1), and the sum of what all doors want is made anew each time, so that two callers do not
/// count on the same worker (lemma 4).
class job_slots {
 public:
  /// Most loops that are helped at the same time; the callers of further ones work alone.
  static constexpr int doors = 63;

  /// For a team of so many workers. Throws `std::bad_alloc`.
  [[gnu::cold]] explicit job_slots(int workers) {
    const int needed = entrances::needed_for(smaller(workers, door::most_inside));
    if (needed == 0) return;
    entrances_ = new entrances::entrance[static_cast<std::size_t>(needed) * doors];
    for (int i = 0; i < doors; ++i) at(i).come_by(entrances_ + static_cast<std::ptrdiff_t>(i) * needed);
  }
  job_slots(const job_slots&) = delete;
  job_slots& operator=(const job_slots&) = delete;
  [[gnu::cold]] ~job_slots() { delete[] entrances_; }

  [[nodiscard]] door& at(int number) noexcept { return number == 0 ? front_.first : others_[number - 1].d; }

  /// A door that no other caller holds, or -1.
  [[nodiscard]] int take() noexcept {
    door_set taken = taken_.load(memory_order_relaxed);
    while (true) {
      const int number = std::countr_one(taken);
      if (number >= doors) return -1;
      // Acquire: pairs with the release in give_back; the door's last user is done with it.
      if (taken_.compare_exchange_weak(taken, taken | one_door(number), memory_order_acquire, memory_order_relaxed)) {
        return number;
      }
    }
  }

  /// Whether all are taken. A hint: take decides.
  [[nodiscard]] bool full() const noexcept { return std::countr_one(taken_.load(memory_order_relaxed)) >= doors; }

  void give_back(int number) noexcept {
    taken_.fetch_and(~one_door(number), memory_order_release);  // pairs with the acquire in take
  }

  /// Opens the door of this number, which the caller holds, for a loop after which the next is expected in `gap`.
  void open(int number, job what, int most, door_set around, ticks gap) noexcept {
    // Relaxed: a guess at when the next loop comes, for workers that are about to idle.
    front_.expected_gap.store(gap, memory_order_relaxed);
    front_.caller.note_here();
    front_.loops.store(front_.loops.load(memory_order_relaxed) + 1, memory_order_relaxed);
    at(number).open(what, most, around);
    if (number > 0) front_.others_open.fetch_add(1, memory_order_relaxed);  // a hint for pollers
  }

  /// Who is about to call loops is on this CPU.
  void note_caller() noexcept { front_.caller.note_here(); }

  /// After the door of this number was shut.
  void note_shut(int number) noexcept {
    if (number > 0) front_.others_open.fetch_sub(1, memory_order_relaxed);
  }

  /// A door with room, or null. Workers start at different doors, so that they spread over the callers.
  [[nodiscard, gnu::noinline]] door* with_room(int worker) noexcept {
    if (front_.others_open.load(memory_order_relaxed) != 0) {
      const door_set taken = taken_.load(memory_order_relaxed);  // has those that are open
      door_set first = taken;
      for (int i = worker % larger(std::popcount(taken), 1); i > 0; --i) first &= first - 1;
      const door_set in_turn[] = {first, taken & ~first};
      for (door_set left : in_turn) {
        for (; left != 0; left &= left - 1) {
          if (door& d = at(std::countr_zero(left)); d.has_room(worker)) return &d;
        }
      }
    }
    return front_.first.has_room(worker) ? &front_.first : nullptr;
  }

  /// How many workers the loops at all doors have and still let in, but for the doors in the set `except`.
  [[nodiscard]] int wanted(door_set except = 0) noexcept { return at_all_doors(&door::wanted, except); }

  /// How many workers are lacking at the door of this number, which wants `most`; and as many elsewhere as have come
  /// here, as those may have been woken for another loop.
  [[nodiscard]] int lacking(int number, int most) noexcept {
    const int came = at(number).came();
    return most - came + (came > 0 ? smaller(came, at_all_doors(&door::room, one_door(number))) : 0);
  }

  /// Takes part in a loop nested in the one at the door of this number, if there is one with room.
  [[gnu::cold]] bool help_within(int number) noexcept {
    door_set taken = taken_.load(memory_order_relaxed);  // a hint; the doors themselves decide
    for (; taken != 0; taken &= taken - 1) {
      door& d = at(std::countr_zero(taken));
      if (const int participant = d.has_room() ? d.enter_within(one_door(number)) : 0; participant != 0) {
        d.take_part(participant);
        d.leave(participant);
        return true;
      }
    }
    return false;
  }

  /// Takes part in a loop of a task of this batch, if there is one with room.
  [[gnu::cold]] bool help_for(const task_batch& batch) noexcept {
    for (door_set taken = taken_.load(memory_order_relaxed); taken != 0; taken &= taken - 1) {  // a hint, as above
      door& d = at(std::countr_zero(taken));
      if (const int participant = d.enter_for(batch); participant != 0) {
        d.take_part(participant);
        d.leave(participant);
        return true;
      }
    }
    return false;
  }
  [[nodiscard, gnu::cold]] bool has_room_for(const task_batch& batch) noexcept {
    door_set taken = taken_.load(memory_order_relaxed);
    while (taken != 0 && !at(std::countr_zero(taken)).has_room_for(batch)) taken &= taken - 1;
    return taken != 0;
  }

  /// Says to all who poll that the team ends. Published by what wakes those who sleep.
  void close() noexcept { front_.closed.store(true, memory_order_relaxed); }
  [[nodiscard]] bool closed() const noexcept { return front_.closed.load(memory_order_relaxed); }

  [[nodiscard]] ticks expected_gap() const noexcept { return front_.expected_gap.load(memory_order_relaxed); }
  /// Changes when a loop starts; not a count when callers are several.
  [[nodiscard]] std::uint32_t loops() const noexcept { return front_.loops.load(memory_order_relaxed); }
  /// Whether the last caller seems to be on this CPU: then spinning for its next loop keeps it from starting it.
  [[nodiscard]] bool caller_is_here() const noexcept { return front_.caller.is_here(); }

 private:
  [[nodiscard, gnu::cold]] int at_all_doors(int (door::*count)() const noexcept, door_set except) noexcept {
    int all = 0;
    door_set taken = taken_.load(memory_order_relaxed) & ~except;  // ordered as the doors' own counts
    for (; taken != 0; taken &= taken - 1) all += (at(std::countr_zero(taken)).*count)();
    return all;
  }

  /// What a spinning worker polls: two cache lines, one written when workers come, the other, with the loop's job, only
  /// when loops start and end.
  struct alignas(64) front {
    [[no_unique_address]] door first;  // the rest begins where it ends
    atomic<int> others_open{0};
    atomic<ticks> expected_gap{0};
    atomic<std::uint32_t> loops{0};
    atomic<bool> closed{false};
    cpu_of_thread caller;  // the last
  };
#ifndef _MSC_VER  // whose ABI puts nothing into a member's padding: a line more there
  static_assert(sizeof(front) == 192);
#endif
  struct alignas(64) other_door {
    door d;
  };

  front front_;
  alignas(64) atomic<door_set> taken_{0};  // callers only
  other_door others_[doors - 1];
  entrances::entrance* entrances_ = nullptr;
};

}  // namespace parloop::inline v0_2::detail
