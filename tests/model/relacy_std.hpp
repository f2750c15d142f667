// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Included before everything else in the model: what the library's atomics are from here on is Relacy's, which tries
/// out the interleavings of threads and the values that a weakly ordered load may return, and the system's futex is one
/// of Relacy's wait sets. Nothing else of the library's waiting and waking is replaced.
#pragma once

#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <bit>
#include <cerrno>
#include <chrono>
#include <climits>
#include <concepts>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <iostream>
#include <limits>
#include <memory>
#include <new>
#include <relacy/relacy.hpp>
#include <source_location>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

#undef memory_order_relaxed
#undef memory_order_consume
#undef memory_order_acquire
#undef memory_order_release
#undef memory_order_acq_rel
#undef memory_order_seq_cst
#undef new
#undef delete
#undef malloc
#undef calloc
#undef realloc
#undef free
#undef errno
#undef futex

#include <parloop/backend.hpp>
#include <parloop/detail/base/compare.hpp>
#include <parloop/idle.hpp>

namespace model {

using where = std::source_location;

inline rl::debug_info info(const where& w) {
  return {w.function_name(), w.file_name(), static_cast<unsigned>(w.line())};
}

/// The library's `atomic` with Relacy's inside. Every value is kept as 64 bits.
template <class T>
class atomic {
  using kept = std::int64_t;
  using order = rl::memory_order;

 public:
  atomic() : atomic(T{}) {}
  atomic(T value) : real_(to(value)) {}  // NOLINT: as the real one
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;

  T load(order o, where w = where::current()) const { return from(real_.load(o, info(w))); }
  void store(T value, order o, where w = where::current()) { real_.store(to(value), o, info(w)); }
  T exchange(T value, order o, where w = where::current()) {
    return from(real_.rmw(rl::rmw_type_t<rl::rmw_type_swap>(), to(value), o, info(w)));
  }
  T fetch_add(T value, order o, where w = where::current()) {
    return from(real_.rmw(rl::rmw_type_t<rl::rmw_type_add>(), to(value), o, info(w)));
  }
  T fetch_sub(T value, order o, where w = where::current()) {
    return from(real_.rmw(rl::rmw_type_t<rl::rmw_type_sub>(), to(value), o, info(w)));
  }
  T fetch_and(T value, order o, where w = where::current()) {
    return from(real_.rmw(rl::rmw_type_t<rl::rmw_type_and>(), to(value), o, info(w)));
  }
  T fetch_or(T value, order o, where w = where::current()) {
    return from(real_.rmw(rl::rmw_type_t<rl::rmw_type_or>(), to(value), o, info(w)));
  }
  bool compare_exchange_weak(T& seen, T value, order good, order bad, where w = where::current()) {
    return compare_exchange<true>(seen, value, good, bad, w);
  }
  bool compare_exchange_strong(T& seen, T value, order good, order bad, where w = where::current()) {
    return compare_exchange<false>(seen, value, good, bad, w);
  }
  bool compare_exchange_weak(T& seen, T value, order both, where w = where::current()) {
    return compare_exchange<true>(seen, value, both, of_failure(both), w);
  }
  bool compare_exchange_strong(T& seen, T value, order both, where w = where::current()) {
    return compare_exchange<false>(seen, value, both, of_failure(both), w);
  }

  /// The newest value, as the kernel sees it.
  [[nodiscard]] T newest() const { return from(real_.debug_value()); }

 private:
  static order of_failure(order both) {
    return both == rl::mo_acq_rel ? rl::mo_acquire : both == rl::mo_release ? rl::mo_relaxed : both;
  }
  template <bool Weak>
  bool compare_exchange(T& seen, T value, order good, order bad, const where& w) {
    const kept expected = to(seen);
    // Who fails has only loaded: any value that a load may see, in the order `bad`. Relacy's own failures see the
    // newest, and forget `bad` if that is stronger than `good`; so they do not count here.
    for (bool first = true;; first = false) {
      if (!first || rl::rand(2) == 0) {
        if (const kept now = real_.load(bad, info(w)); now != expected) {
          seen = from(now);
          return false;
        }
      }
      kept newest = expected;
      if (real_.compare_exchange(rl::bool_t<Weak>(), newest, to(value), good, rl::mo_relaxed, info(w))) return true;
      if (newest == expected) return false;  // weak ones may do so without a reason
    }
  }
  static kept to(T value) {
    if constexpr (std::is_pointer_v<T>) {
      return reinterpret_cast<kept>(value);
    } else {
      return static_cast<kept>(value);
    }
  }
  static T from(kept value) {
    if constexpr (std::is_pointer_v<T>) {
      return reinterpret_cast<T>(value);
    } else {
      return static_cast<T>(value);
    }
  }

  rl::atomic<kept> real_;
};

/// An atomic that lives as long as the process; here it is made anew for each execution.
template <class T>
class renewed {
 public:
  void begin() { now_ = new atomic<T>; }
  void end() { delete now_; }
  T load(rl::memory_order o, where w = where::current()) const { return now_->load(o, w); }
  bool compare_exchange_strong(T& seen, T value, rl::memory_order good, rl::memory_order bad,
                               where w = where::current()) {
    return now_->compare_exchange_strong(seen, value, good, bad, w);
  }

 private:
  atomic<T>* now_ = nullptr;  // left as it is when an execution fails
};

inline constexpr int most_threads = 16;

/// What is the same for all threads of one execution; begin() starts the next.
struct world {
  struct sleepers {
    const void* word = nullptr;
    rl::waitset<most_threads> set;
  };
  sleepers at[64];  // those who sleep on a futex
  std::int64_t time = 0;
  int threads_left = 0;  // that can be made
  int threads_made = 0;
  int threads_ended = 0;  // joined or detached
  bool may_fail = false;  // making a thread

  rl::waitset<most_threads>& asleep_on(const void* word) {
    for (sleepers& s : at) {
      if (s.word == nullptr) s.word = word;
      if (s.word == word) return s.set;
    }
    std::abort();
  }
  void begin(int threads) {
    for (sleepers& s : at) s = sleepers{};
    time = 0;
    threads_left = threads;
    threads_made = threads_ended = 0;
    may_fail = false;
  }
};
inline world here;

/// The futex: it compares with the newest value and sleeps in one step; it orders nothing else.
template <class Word>
long futex(long, Word* word, int operation, std::uint32_t value, const timespec* timeout, std::nullptr_t, int,
           where w = where::current()) {
  rl::context& c = rl::ctx();
  c.sched();
  rl::waitset<most_threads>& asleep = here.asleep_on(word);
  if ((operation & FUTEX_CMD_MASK) == FUTEX_WAIT) {
    if (word->newest() == value) asleep.park_current(c, timeout != nullptr, false, false, info(w));
    return 0;
  }
  for (std::uint32_t i = 0; i < value && asleep; ++i) asleep.unpark_one(c, info(w));
  return 0;
}

}  // namespace model

#define syscall model::futex
#define static_assert(...) static_assert(true)  // a model's atomic word is larger than a futex
