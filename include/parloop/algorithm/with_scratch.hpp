// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Loops whose bodies need room to work in: one object for each thread that takes part.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>

#include "../controlled_range.hpp"
#include "../default_backend.hpp"
#include "../detail/algorithm/control.hpp"
#include "../detail/algorithm/visit.hpp"
#include "../detail/base/atomic.hpp"
#include "../detail/loop/run_chunks.hpp"
#include "controlled.hpp"

namespace parloop::inline v0_2 {

namespace detail {

enum class scratch_state { empty, free, taken };

/// Room for one object, and who has it.
template <class Scratch>
struct alignas(64) scratch_place {
  scratch_place() noexcept {}
  scratch_place(const scratch_place&) = delete;
  scratch_place& operator=(const scratch_place&) = delete;
  ~scratch_place() {
    // Relaxed: the end of the loop orders all that was done with the object.
    if (state.load(memory_order_relaxed) != scratch_state::empty) object.~Scratch();
  }

  bool claim(scratch_state expected) noexcept {
    // Relaxed: spares the line where it is taken. Acquire: pairs with the release in ~scratch_lease.
    return state.load(memory_order_relaxed) == expected &&
           state.compare_exchange_strong(expected, scratch_state::taken, memory_order_acquire, memory_order_relaxed);
  }

  template <class Make>
  void fill(const Make& make) {
    struct guard {
      scratch_place* unfilled;
      ~guard() {  // relaxed: there is nothing to see
        if (unfilled != nullptr) unfilled->state.store(scratch_state::empty, memory_order_relaxed);
      }
    } when_it_throws{this};
    ::new (static_cast<void*>(std::addressof(object))) Scratch(make());
    when_it_throws.unfilled = nullptr;
  }

  atomic<scratch_state> state{scratch_state::empty};
  union {
    Scratch object;
  };
};

/// As many places as threads may run chunks at once.
template <class Scratch>
class scratch_places {
 public:
  explicit scratch_places(int count)
      : count_(count), places_(new scratch_place<Scratch>[static_cast<std::size_t>(count)]) {}

  /// A place that is the caller's until it says otherwise, with an object that was there or is made now.
  template <class Make>
  scratch_place<Scratch>& take(const Make& make) {
    // No more threads than places run chunks, so one is found; while others come and go it may take a second look.
    while (true) {
      for (int k = 0; k < count_; ++k) {
        if (at(k).claim(scratch_state::free)) return at(k);
      }
      for (int k = 0; k < count_; ++k) {
        if (!at(k).claim(scratch_state::empty)) continue;
        at(k).fill(make);
        return at(k);
      }
    }
  }

 private:
  scratch_place<Scratch>& at(int k) noexcept { return places_[static_cast<std::size_t>(k)]; }

  int count_;
  std::unique_ptr<scratch_place<Scratch>[]> places_;
};

/// Holds a place, and the object in it, for one thread.
template <class Scratch>
class scratch_lease {
 public:
  template <class Make>
  scratch_lease(scratch_places<Scratch>& places, const Make& make) : place_(places.take(make)) {}
  scratch_lease(const scratch_lease&) = delete;
  scratch_lease& operator=(const scratch_lease&) = delete;
  // Release: pairs with the acquire in claim, so that the next sees what this thread has written.
  ~scratch_lease() { place_.state.store(scratch_state::free, memory_order_release); }
  [[nodiscard]] Scratch& object() const noexcept { return place_.object; }

 private:
  scratch_place<Scratch>& place_;
};

template <class Body, class Scratch, int N>
inline constexpr bool takes_indices_and_scratch = [] {
  if constexpr (N == 1) return std::is_invocable_v<const Body&, index_t, Scratch&>;
  if constexpr (N == 2) return std::is_invocable_v<const Body&, index_t, index_t, Scratch&>;
  return std::is_invocable_v<const Body&, index_t, index_t, index_t, Scratch&>;
}();

template <int N, stride Stride, class Make, class Body, class Control>
void for_each_index_with_scratch(backend* b, const range<N, Stride>& range, const Make& make, const Body& body,
                                 Control& watch) {
  constexpr bool makes = std::is_invocable_v<const Make&> && !std::is_void_v<std::invoke_result_t<const Make&>>;
  static_assert(makes,
                "parloop::parallel_for: make_scratch must be callable without arguments and return what the body gets "
                "a reference to");
  if constexpr (makes) {
    using scratch = std::decay_t<std::invoke_result_t<const Make&>>;
    constexpr bool callable = takes_indices_and_scratch<Body, scratch, N>;
    static_assert(callable,
                  "parloop::parallel_for: the body must be callable as body(i, scratch), body(y, x, scratch) or "
                  "body(z, y, x, scratch), one index_t per dimension of the range, and without changing itself (no "
                  "`mutable` lambda: what changes belongs into the scratch)");
    if constexpr (callable) {
      if (range.size() == 0) return;
      if (b == nullptr) b = default_or_null();
      scratch_places<scratch> places(b == nullptr ? 1 : b->width());
      detail::run_chunks(b, range.size(), range.options(), [&](index_t begin, index_t end) {
        const scratch_lease<scratch> lease(places, make);
        per_chunk<Body> own = body;
        watch.in_blocks(begin, end, 1, [&](index_t first, index_t last) {
          detail::visit(range, first, last, [&](auto... indices) { own(indices..., lease.object()); });
        });
      });
    }
  }
}

}  // namespace detail

/// Calls body(i, scratch), body(y, x, scratch) or body(z, y, x, scratch) once for every index of `range`, as
/// `parallel_for` without scratch does. `scratch` is a reference to an object that make_scratch() returned, which no
/// other thread uses at the same time. One is made for each thread that takes part, in that thread, when it begins, and
/// never more than `b` has threads; all are destroyed before the call returns. What make_scratch throws is rethrown as
/// what the body throws is.
template <int N, stride Stride, class MakeScratch, class Body>
void parallel_for(backend& b, const range<N, Stride>& range, const MakeScratch& make_scratch, const Body& body) {
  detail::for_each_index_with_scratch(&b, range, make_scratch, body, detail::free_running);
}

/// The same on the default backend.
template <int N, stride Stride, class MakeScratch, class Body>
void parallel_for(const range<N, Stride>& range, const MakeScratch& make_scratch, const Body& body) {
  detail::for_each_index_with_scratch(static_cast<backend*>(nullptr), range, make_scratch, body, detail::free_running);
}

/// The same over a range with a stop token or a progress callback; returns as `parallel_for` over such a range.
template <class Range, class Stop, class Progress, class MakeScratch, class Body>
auto parallel_for(backend& b, const controlled_range<Range, Stop, Progress>& range, const MakeScratch& make_scratch,
                  const Body& body) {
  detail::control watch(range);
  detail::for_each_index_with_scratch(&b, range.without_control(), make_scratch, body, watch);
  return detail::answer(watch);
}

/// The same on the default backend.
template <class Range, class Stop, class Progress, class MakeScratch, class Body>
auto parallel_for(const controlled_range<Range, Stop, Progress>& range, const MakeScratch& make_scratch,
                  const Body& body) {
  detail::control watch(range);
  detail::for_each_index_with_scratch(static_cast<backend*>(nullptr), range.without_control(), make_scratch, body,
                                      watch);
  return detail::answer(watch);
}

}  // namespace parloop::inline v0_2
