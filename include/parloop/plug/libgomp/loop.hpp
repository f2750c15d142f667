// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// How a thread comes to a shared loop and takes its chunks; loops whose iterations wait for each other. For
/// plug/libgomp.hpp.
#pragma once

#include "parallel.hpp"
#include "reduction.hpp"

namespace parloop::inline v0_2::detail::gomp {

/// Comes to a construct that may have the ABI's extras: reductions by tasks, which begin a group, and memory that all
/// members share, of as many bytes as *memory says at first.
template <class Fill>
void come_to_construct(thread_state& me, const Fill& fill, std::uintptr_t* reductions, void** memory) {
  region& r = *me.team;
  std::uintptr_t* around = nullptr;
  bool made = false;
  if (reductions != nullptr) {
    auto* const group = new task_group;  // until GOMP_workshare_task_reduction_unregister
    group->of_construct = true;
    begin_group(me, *group);
    around = group->reductions;
    group->reductions = reductions;
  }
  const bool first = r.come_to(me, [&](work_share& s) {
    fill(s);
    if (reductions != nullptr) {
      make_reductions(reductions, around, r.size);
      made = true;
      s.reductions = reductions;
    }
    if (memory != nullptr) {
      s.memory = std::calloc(1, reinterpret_cast<std::uintptr_t>(*memory));
      if (s.memory == nullptr) std::abort();
    }
  });
  if (reductions != nullptr && !first) {
    if (made) {  // but somebody was faster
      release_reductions(reductions);
      std::uintptr_t* last = reductions;
      while (following(last) != around) last = following(last);
      last[4] = 0;
    }
    share_reductions(reductions, me.share->reductions, around);
  }
  if (memory != nullptr) *memory = me.share->memory;
}

/// For an ordered loop: returns when all iterations before those of the member's chunk are done.
inline void wait_for_turn(thread_state& me) noexcept {
  if (!me.ordered) return;
  work_share& s = *me.share;
  while (true) {
    const std::uint32_t seen = s.changed.count();
    if (s.in_order.load(memory_order_acquire) == me.own.begin) return;  // pairs with the release in say_done
    static_cast<void>(s.changed.wait_while(seen, me.team->polling(me)));
  }
}

/// The member's chunk is done, for those that wait for it.
inline void say_done(thread_state& me) noexcept {
  work_share& s = *me.share;
  if (me.ordered) {
    wait_for_turn(me);
    s.in_order.store(me.own.end, memory_order_release);  // pairs with wait_for_turn
    s.changed.advance();
    me.ordered = false;
  } else if (s.dimensions != 0 && me.own.end != me.own.begin) {
    s.posted[s.entry_of(me.own.begin, me.team->size)].upto.store(UINT64_MAX,
                                                                 memory_order_release);  // see wait_for_post
    s.changed.advance();
  }
}

/// The member's next chunk, in the program's numbers; false: there is none.
template <class Number>
[[nodiscard]] bool next_chunk(thread_state& me, Number* begin, Number* end, bool ordered = false) noexcept {
  work_share& s = *me.share;
  say_done(me);
  me.own = {};
  if (me.team->loop_cancelled.load(memory_order_relaxed) || me.team->cancelled.load(memory_order_relaxed)) return false;
  if (!s.take(me.own, me.trip, me.number, me.team->size)) return false;
  me.ordered = ordered;
  *begin = static_cast<Number>(s.bounds.start + me.own.begin * s.bounds.step);
  // Not start + n * step, which may lie beyond the end.
  *end = static_cast<Number>(me.own.end == s.bounds.count ? s.bounds.end : s.bounds.start + me.own.end * s.bounds.step);
  return true;
}

/// The kind and chunk size of a loop that may leave them to OMP_SCHEDULE.
inline void set_loop(thread_state& me, work_share& s, const loop_bounds& b, unsigned kind,
                     std::uint64_t size) noexcept {
  if ((kind & ~monotonic) == static_cast<unsigned>(schedule::runtime)) {
    const control& icv = me.current->icv;
    kind = icv.run_schedule;
    size = static_cast<std::uint64_t>(icv.run_chunk);
  }
  s.set_loop(b, kind, size);
}

/// A chunk size as programs give it; nonsense is none.
[[nodiscard]] inline std::uint64_t chunk_size(long size) noexcept {
  return size > 0 ? static_cast<std::uint64_t>(size) : 0;
}
[[nodiscard]] inline std::uint64_t chunk_size(unsigned long long size) noexcept { return size; }

/// A doacross loop: over `count` dimensions of which the members share the outermost.
template <class Number>
bool start_doacross(thread_state& me, unsigned count, const Number* sizes, unsigned kind, std::uint64_t size,
                    Number* begin, Number* end, std::uintptr_t* reductions, void** memory) {
  come_to_construct(
      me,
      [&](work_share& s) {
        const auto n = static_cast<std::uint64_t>(sizes[0]);
        set_loop(me, s, loop_bounds::of_unsigned(true, 0, n, 1), kind, size);
        if (s.kind == schedule::guided) s.kind = schedule::dynamic;  // so that chunks are known by their begin
        s.dimensions = count;
        s.sizes.reset(new std::uint64_t[count]);
        std::uint64_t all = 1;
        for (unsigned i = 0; i < count; ++i) {
          s.sizes[i] = static_cast<std::uint64_t>(sizes[i]);
          if (__builtin_mul_overflow(all, s.sizes[i], &all)) {
            std::fputs("parloop: libgomp plug: a doacross loop has more iterations than 64 bits count\n", stderr);
            std::abort();
          }
        }
        s.posted.reset(new posted_count[s.entries(me.team->size)]);
      },
      reductions, memory);
  return begin == nullptr || next_chunk(me, begin, end);
}

/// One more than the place among all of the iteration whose i-th number is at(i); calls at once for each, in order.
template <class At>
[[nodiscard]] std::uint64_t place_after(const work_share& s, const At& at) noexcept {
  std::uint64_t place = 0;
  for (unsigned i = 0; i < s.dimensions; ++i) place = place * s.sizes[i] + static_cast<std::uint64_t>(at(i));
  return place + 1;
}

/// What depends on the iteration may run.
template <class Number>
void post(thread_state& me, const Number* at) noexcept {
  work_share& s = *me.share;
  const std::uint64_t place = place_after(s, [&](unsigned i) { return at[i]; });
  // Release: pairs with the acquire below.
  s.posted[s.entry_of(static_cast<std::uint64_t>(at[0]), me.team->size)].upto.store(place, memory_order_release);
  if (me.team->size > 1) s.changed.advance();
}

/// Returns when the iteration with that place, whose outermost number is `first`, has been posted.
inline void wait_for_post(thread_state& me, std::uint64_t first, std::uint64_t place) noexcept {
  work_share& s = *me.share;
  const posted_count& entry = s.posted[s.entry_of(first, me.team->size)];
  while (true) {
    const std::uint32_t seen = s.changed.count();
    if (entry.upto.load(memory_order_acquire) >= place) return;  // pairs with the releases in post and say_done
    static_cast<void>(s.changed.wait_while(seen, me.team->polling(me)));
  }
}

}  // namespace parloop::inline v0_2::detail::gomp
