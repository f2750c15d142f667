// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Which number the calling thread has in the loop or team whose body it runs. For thread_number.hpp and what runs
/// bodies.
#pragma once

#include <cstdint>

#include "atomic.hpp"
#include "current_cpu.hpp"

namespace parloop::inline v0_2 {

class backend;

namespace detail {

/// Of the innermost loop or team.
struct place_in_loop {
  static constexpr int unnumbered = -1;  // nobody has said yet which number this thread has

  int number = unnumbered;
  int numbers = 0;              // how many there are; 0: as many as `of` is wide
  const backend* of = nullptr;  // null: the default backend
};
inline thread_local constinit place_in_loop place_here{};
[[nodiscard]] inline const place_in_loop& current_place() noexcept { return place_here; }

/// Makes it the calling thread's place for as long as the object lives.
class scoped_place {
 public:
  explicit scoped_place(const place_in_loop& place) noexcept : outer_(place_here) { place_here = place; }
  scoped_place(const scoped_place&) = delete;
  scoped_place& operator=(const scoped_place&) = delete;
  ~scoped_place() { place_here = outer_; }

 private:
  place_in_loop outer_;
};

/// The numbers of one loop's threads, for backends that do not number them: each chunk takes the smallest that is free.
class chunk_numbers {
 public:
  /// The calling thread's place while it runs a chunk on `of`: by the number that the backend has given it, or by one
  /// that no other chunk has at the same time.
  class lease {
   public:
    lease(chunk_numbers& all, const backend* of) noexcept
        : all_(place_here.number == place_in_loop::unnumbered ? &all : nullptr),
          number_(all_ != nullptr ? all_->take(*this) : place_here.number),
          place_({number_, 0, of}) {}
    lease(const lease&) = delete;
    lease& operator=(const lease&) = delete;
    ~lease() {
      if (all_ != nullptr) all_->give_back(*this);
    }

   private:
    friend chunk_numbers;
    chunk_numbers* all_;
    lease* next_ = nullptr;
    int number_;
    scoped_place place_;
  };

 private:
  [[gnu::noinline]] int take(lease& wants) noexcept {
    lease* first = lock();
    int free = 0;
    lease** at = &first;
    for (; *at != nullptr && (*at)->number_ == free; ++free) at = &(*at)->next_;
    wants.next_ = *at;
    *at = &wants;
    wants.number_ = free;
    unlock(first);
    return free;
  }
  [[gnu::noinline]] void give_back(lease& has) noexcept {
    lease* first = lock();
    lease** at = &first;
    while (*at != &has) at = &(*at)->next_;
    *at = has.next_;
    unlock(first);
  }

  /// Returns the first lease. The list is the caller's until unlock.
  [[nodiscard]] lease* lock() noexcept {
    while (true) {
      const std::uintptr_t seen = first_.exchange(locked, memory_order_acquire);  // pairs with the release in unlock
      if (seen != locked) return reinterpret_cast<lease*>(seen);
      yield_cpu();
    }
  }
  void unlock(lease* first) noexcept { first_.store(reinterpret_cast<std::uintptr_t>(first), memory_order_release); }

  static constexpr std::uintptr_t locked = 1;  // no address of a lease
  // The leases in the order of their numbers. One word, because it is on the stack of every nested loop.
  atomic<std::uintptr_t> first_{0};
};

}  // namespace detail
}  // namespace parloop::inline v0_2
