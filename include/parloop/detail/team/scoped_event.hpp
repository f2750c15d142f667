// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Tells one observer, while there is one, when threads live, sleep and wake others. For whatever owns threads;
/// backend/traced.hpp observes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../base/atomic.hpp"
#include "../base/fork.hpp"
#include "../base/ticks.hpp"

#if __has_include(<pthread.h>) && !defined(_WIN32) && !defined(PARLOOP_PORTABLE)
#include <pthread.h>
#endif

namespace parloop::inline v0_2::detail {

/// What a thread does, from the beginning to the end of a scoped_event.
enum class thread_event : int {
  living,   ///< a worker, from its first step to its last
  parked,   ///< a worker, asleep between loops
  waiting,  ///< the caller of a loop, asleep until those who are inside have left
  waking    ///< gives permission to go on
};

class observer {
 public:
  /// The calling thread begins; returns what end() is to be given. `count`: how many are woken. `where`: the same for
  /// those that sleep and those that wake them; only to be compared.
  virtual std::size_t begin(thread_event what, int count, const void* where) noexcept = 0;
  virtual void end(std::size_t which) noexcept = 0;

  /// False when there is an observer already. From now on all threads tell this one, which has to call leave().
  [[gnu::cold]] bool observe() noexcept;
  /// After this, no thread is inside begin() or end() any more, or will be.
  [[gnu::cold]] void leave() noexcept;

 protected:
  ~observer() = default;
};

/// Who is told, and how many threads are telling it just now.
///
/// `gate` counts changes of observer in its upper half, odd while there is one, and threads inside in its lower half.
/// Who enters adds itself first and finds out by the same operation whether the gate is open, so who has closed it only
/// has to see the count at zero.
namespace observing {

inline constexpr std::uint64_t one_change = std::uint64_t{1} << 32;
inline constexpr std::uint64_t those_inside = one_change - 1;

inline constinit atomic<std::uint64_t> gate{0};
inline constinit atomic<observer*> current{nullptr};

[[nodiscard]] constexpr std::uint64_t changes(std::uint64_t state) noexcept { return state / one_change; }
[[nodiscard]] constexpr bool is_open(std::uint64_t state) noexcept { return changes(state) % 2 != 0; }
/// Relaxed: a hint; who enters looks again.
[[nodiscard]] inline bool now_open() noexcept { return is_open(gate.load(memory_order_relaxed)); }

/// Calls tell(observer, changes) if there is an observer.
template <class Tell>
[[gnu::cold]] void enter(Tell tell) noexcept {
  // Acquire: pairs with the release in observe, which publishes the observer.
  const std::uint64_t seen = gate.fetch_add(1, memory_order_acquire);
  if (is_open(seen)) tell(*current.load(memory_order_relaxed), changes(seen));
  gate.fetch_sub(1, memory_order_release);  // pairs with the acquire in leave
}

/// In a forked child nobody is inside but the forking thread, and that one is not, as observers do not fork.
[[gnu::cold]] inline void watch_forks() noexcept {
#if __has_include(<pthread.h>) && !defined(_WIN32) && !defined(PARLOOP_PORTABLE)
  static constinit atomic<bool> watching{false};
  if (!watching.exchange(true, memory_order_relaxed)) {
    ::pthread_atfork(nullptr, nullptr, [] { gate.fetch_and(~those_inside, memory_order_relaxed); });
  }
#endif
}

}  // namespace observing

inline bool observer::observe() noexcept {
  observing::watch_forks();
  observer* none = nullptr;
  // Acquire: pairs with the release in leave, so that the gate is closed.
  if (!observing::current.compare_exchange_strong(none, this, memory_order_acquire, memory_order_relaxed)) {
    return false;
  }
  observing::gate.fetch_add(observing::one_change, memory_order_release);  // pairs with the acquire in enter
  return true;
}

inline void observer::leave() noexcept {
  observing::gate.fetch_add(observing::one_change, memory_order_relaxed);
  // Acquire: pairs with the release in enter; what those who were inside have written is there.
  while ((observing::gate.load(memory_order_acquire) & observing::those_inside) != 0) cpu_pause();
  observing::current.store(nullptr, memory_order_release);  // pairs with the acquire in observe
}

/// A scoped_event lasts as long as this object lives. Without an observer it costs a load, and one more at the end.
class scoped_event {
 public:
  explicit scoped_event(thread_event what, const void* where = nullptr, int count = 1) noexcept {
    if (observing::now_open()) begin(what, where, count);
  }
  scoped_event(const scoped_event&) = delete;
  scoped_event& operator=(const scoped_event&) = delete;
  ~scoped_event() {
    if (observer_ != 0) end();
  }

 private:
  [[gnu::cold, gnu::noinline]] void begin(thread_event what, const void* where, int count) noexcept {
    observing::enter([&](observer& o, std::uint64_t changes) noexcept {
      observer_ = changes;
      which_ = o.begin(what, count, where);
    });
  }
  [[gnu::cold, gnu::noinline]] void end() noexcept {
    observing::enter([&](observer& o, std::uint64_t changes) noexcept {
      if (changes == observer_) o.end(which_);  // else it has left, and another may have come
    });
  }

  std::uint64_t observer_ = 0;  // as of gate; 0: it was closed
  std::size_t which_ = 0;
};

}  // namespace parloop::inline v0_2::detail
