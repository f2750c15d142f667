// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Bodies that run at once and may wait for each other: `team`, what OpenMP calls a parallel region.
#pragma once

#include <concepts>
#include <cstring>
#include <type_traits>
#include <utility>

#include "../default_backend.hpp"
#include "../detail/algorithm/visit.hpp"
#include "../detail/base/compare.hpp"
#include "../detail/team/gang.hpp"
#include "../range.hpp"

namespace parloop::inline v0_2 {

/// The type of `nowait`.
struct nowait_t {};
/// As a last argument: without the barrier at the end.
inline constexpr nowait_t nowait{};

/// One member of a team, as its body sees it. Except for number() and size(), all members call the same functions in
/// the same order with equal ranges, as in OpenMP. When a member has thrown, or has ended while others wait for it, its
/// functions throw, so that all members end: do not catch what you did not throw.
class member {
 public:
  /// Made by `team` alone.
  member(detail::gang& all, detail::gang_seat& own) noexcept : gang_(all), seat_(own) {}
  member(const member&) = delete;
  member& operator=(const member&) = delete;
  ~member() = default;

  /// In [0, size()). Number 0 is the caller of `team`.
  [[nodiscard]] int number() const noexcept { return seat_.number; }
  /// How many members the team has.
  [[nodiscard]] int size() const noexcept { return gang_.size(); }

  /// Returns when every member has come here; what all of them wrote before is visible then. Polls as the idle policy
  /// says and then sleeps; with more members than CPUs it lets others run instead of polling.
  void barrier() { gang_.barrier(seat_); }

  /// Calls body(i), body(y, x) or body(z, y, x) once for every index of `range`; each member runs one contiguous share
  /// of equal size, in multiples of the range's grain, and waits for the others at the end.
  template <int N, stride Stride, class Body>
  void for_each(const range<N, Stride>& range, const Body& body) {
    for_each(range, body, nowait);
    barrier();
  }
  /// The same without the barrier. Members go on when their share is done.
  template <int N, stride Stride, class Body>
  void for_each(const range<N, Stride>& range, const Body& body, nowait_t) {
    const share own = static_share(range);
    run_chunk(range, body, own.begin, own.end);
  }

  /// The same, but members take chunks as they go, ever smaller ones, not below the range's grain: for iterations of
  /// unequal length.
  template <int N, stride Stride, class Body>
  void for_each_dynamic(const range<N, Stride>& range, const Body& body) {
    for_each_dynamic(range, body, nowait);
    barrier();
  }
  /// The same without the barrier. A member that is four such loops ahead of another waits for it.
  template <int N, stride Stride, class Body>
  void for_each_dynamic(const range<N, Stride>& range, const Body& body, nowait_t) {
    detail::gang::shared_loop& loop = gang_.enter_loop(loops_++, seat_);
    const index_t n = range.size();
    const index_t grain = detail::larger<index_t>(range.options().grain, 1);
    index_t begin = loop.next.load(detail::memory_order_relaxed);  // who runs what; enter_loop orders the rest
    while (begin < n) {
      const index_t part = (n - begin) / (index_t{2} * size()) / grain * grain;
      const index_t end = begin + detail::smaller(n - begin, detail::larger(part, grain));
      if (!loop.next.compare_exchange_weak(begin, end, detail::memory_order_relaxed)) continue;
      run_chunk(range, body, begin, end);
      begin = loop.next.load(detail::memory_order_relaxed);
    }
    gang_.leave_loop(loop);
  }

  /// Calls body(begin, end) for this member's share of the positions [0, range.size()), if it is not empty, and waits
  /// for the others at the end.
  template <int N, stride Stride, class Body>
  void for_each_chunk(const range<N, Stride>& range, const Body& body) {
    for_each_chunk(range, body, nowait);
    barrier();
  }
  /// The same without the barrier.
  template <int N, stride Stride, class Body>
  void for_each_chunk(const range<N, Stride>& range, const Body& body, nowait_t) {
    static_assert(std::invocable<const Body&, index_t, index_t>,
                  "parloop::member::for_each_chunk: the body must be callable as body(begin, end) with two index_t");
    if (const share own = static_share(range); own.begin < own.end) body(own.begin, own.end);
  }

  /// Calls f() in one member, the first that comes; the others wait until it has ended.
  template <class Function>
  void single(const Function& f) {
    single(f, nowait);
    barrier();
  }
  /// The same, but the others go on.
  template <class Function>
  void single(const Function& f, nowait_t) {
    if (gang_.is_first(singles_++)) f();
  }

  /// Combines the members' values in the order of their numbers, in every member, and returns the same to all. Contains
  /// a barrier, or two when T is not trivially copyable or above 64 bytes. `combine` is called by all members at once.
  template <class T, class Combine>
  [[nodiscard]] T reduce(const T& value, const Combine& combine) {
    static_assert(std::is_invocable_r_v<T, const Combine&, T, T>,
                  "parloop::member::reduce: combine must be callable with two values and return one of their type");
    std::byte* const own = seat_.cells[exchanges_ % 2];
    constexpr bool fits = std::is_trivially_copyable_v<T> && sizeof(T) <= detail::gang_seat::cell && alignof(T) <= 64;
    const T* const address = &value;
    if constexpr (fits) {
      std::memcpy(own, address, sizeof value);
    } else {
      std::memcpy(own, &address, sizeof address);
    }
    barrier();
    T result = shown<T, fits>(gang_.first_seat());
    for (const detail::gang_seat* s = gang_.first_seat().next; s != nullptr; s = s->next) {
      result = combine(std::move(result), shown<T, fits>(*s));
    }
    if constexpr (!fits) barrier();
    ++exchanges_;  // the next uses the other cell, which all have read before they came to this one's barrier
    return result;
  }

  /// Combines body(i), body(y, x) or body(z, y, x) of all indices of `range`, with `identity` as the neutral element,
  /// and returns the same to all members. The order of combining depends on range.size() and size() alone, so other
  /// than with `parallel_reduce` the last bits of a sum are the same only in teams of the same size.
  template <int N, stride Stride, class T, class Combine, class Body>
  [[nodiscard]] T reduce(const range<N, Stride>& range, const T& identity, const Combine& combine, const Body& body) {
    static_assert(detail::takes_indices<Body, N>,
                  "parloop::member::reduce: the body must be callable as body(i), body(y, x) or body(z, y, x), one "
                  "index_t per dimension of the range");
    const share own = static_share(range);
    T result = identity;
    if (own.begin < own.end) {
      detail::visit_runs(range, own.begin, own.end, [&](index_t run_begin, index_t run_end, const auto& at) {
        for (index_t p = run_begin; p < run_end; ++p) result = combine(std::move(result), static_cast<T>(at(body, p)));
      });
    }
    return reduce(result, combine);
  }

 private:
  struct share {
    index_t begin, end;
  };

  template <int N, stride Stride>
  [[nodiscard]] share static_share(const range<N, Stride>& range) const noexcept {
    const index_t n = range.size();
    const index_t grain = detail::larger<index_t>(range.options().grain, 1);
    const index_t grains = n / grain + (n % grain != 0 ? 1 : 0);
    const index_t each = grains / size();
    const index_t more = grains % size();  // so many members have one more
    const index_t first = number() * each + detail::smaller<index_t>(number(), more);
    const index_t last = first + each + (number() < more ? 1 : 0);
    return {first < grains ? first * grain : n, last < grains ? last * grain : n};
  }

  template <int N, stride Stride, class Body>
  static void run_chunk(const range<N, Stride>& range, const Body& body, index_t begin, index_t end) {
    static_assert(detail::takes_indices<Body, N>,
                  "parloop::member::for_each: the body must be callable as body(i), body(y, x) or body(z, y, x), one "
                  "index_t per dimension, and without changing itself (no `mutable` lambda: pass std::ref(body), or "
                  "make what changes in each member's chunk with for_each_chunk)");
    if (begin >= end) return;
    detail::per_chunk<Body> own = body;
    detail::visit(range, begin, end, own);
  }

  template <class T, bool Fits>
  [[nodiscard]] T shown(const detail::gang_seat& s) const {
    const std::byte* const cell = s.cells[exchanges_ % 2];
    if constexpr (Fits) {
      alignas(T) std::byte copy[sizeof(T)];
      std::memcpy(copy, cell, sizeof copy);
      return *std::launder(reinterpret_cast<const T*>(copy));
    } else {
      const T* address = nullptr;
      std::memcpy(&address, cell, sizeof address);
      return *address;
    }
  }

  detail::gang& gang_;
  detail::gang_seat& seat_;
  std::uint32_t loops_ = 0, singles_ = 0;  // how many of each kind this member has come to
  unsigned exchanges_ = 0;
};

namespace detail {

template <class Body>
void run_gang(const backend& b, int members, const Body& body) {
  constexpr bool callable = std::invocable<const Body&, member&>;
  static_assert(callable,
                "parloop::team: the body must be callable as body(me) with a parloop::member&, and without changing "
                "itself (no `mutable` lambda: make what changes inside, once for each member)");
  if constexpr (callable) {
    const team_rules rules = b.teams();
    const int size = members == 0 ? smaller(b.width(), rules.most_members) : members;
    if (size < 0 || size > most_threads) throw_invalid_argument("parloop::team: a team has 0 (all) to 4096 members");
    if (size > rules.most_members) {
      throw_invalid_argument(
          "parloop::team: this backend, as `serial`, runs nothing at once, so no team above one member");
    }
    gang(
        size, rules.idle,
        [](void* f, gang& all, gang_seat& own) {
          member me(all, own);
          (*static_cast<const Body*>(f))(me);
        },
        const_cast<void*>(static_cast<const void*>(&body)))
        .run();
  }
}

}  // namespace detail

/// Calls body(me) in `members` threads that run at the same time, so they may wait for each other; 0: as many as `b` is
/// wide. The calling thread is one of them. The others are threads that the library keeps for teams, started as they
/// are lacking, on every backend, `openmp` and `tbb` too; `b` decides how they wait (its idle policy) and how many
/// there may be: `serial` allows one.
///
/// Returns when all bodies have ended. The first exception is rethrown; members that wait for one that has thrown are
/// ended by it. Throws before any body runs: `std::invalid_argument` for a number that is negative, above 4096 or more
/// than `b` allows, `std::system_error` when the system gives no more threads, `std::bad_alloc`. Teams may be inside
/// loops, loops inside teams, and teams inside and beside each other. A child that is forked inside a body has no other
/// members.
template <class Body>
void team(backend& b, int members, const Body& body) {
  detail::run_gang(b, members, body);
}

/// The same for the default backend.
template <class Body>
void team(int members, const Body& body) {
  detail::run_gang(default_backend(), members, body);
}

}  // namespace parloop::inline v0_2
