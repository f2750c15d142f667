// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Sleeping on a 32-bit word by a lock and condition variables, where the system has no call for it, or its call may be
/// missing. For detail/base/futex.hpp.
///
/// Who sleeps stands in a list, found by the word's address, which a lock guards. The protocol:
///   sleeper                                        waker
///   S1 locks                                       K1 changes the word
///   S2 compares the word; if it differs: unlocks   K2 locks
///   S3 joins the list                              K3 takes sleepers of this word off the list and tells each
///   S4 waits until told (unlocks meanwhile)        K4 unlocks
/// If K2 comes after S1, it comes after S3, too: the sleeper is in the list, and K3 tells it. If K4 comes before S1,
/// the lock makes K1 visible at S2, and the sleeper does not sleep. Between S3 and S4 nobody has the lock but the
/// sleeper.
#pragma once

#include <cstddef>
#include <cstdint>

#include "atomic.hpp"
#include "durations.hpp"

#if defined(_WIN32) && !defined(PARLOOP_PORTABLE)
#include "windows.hpp"
#else
#include <condition_variable>
#include <mutex>
#endif

namespace parloop::inline v0_2::detail::wait_table {

#if defined(_WIN32) && !defined(PARLOOP_PORTABLE)

using lock = windows::lock;
using condition = windows::condition;

#else

/// Constant-initialised, and never destroyed: threads may sleep while the program ends.
class lock {
 public:
  void acquire() noexcept { mutex_.lock(); }
  void release() noexcept { mutex_.unlock(); }

 private:
  friend class condition;
  std::mutex mutex_;
};

class condition {
 public:
  /// With the lock held; null: no limit. May return early.
  void wait(lock& held, const std::chrono::nanoseconds* limit) noexcept {
    std::unique_lock<std::mutex> guard(held.mutex_, std::adopt_lock);
    if (limit == nullptr) {
      told_.wait(guard);
    } else {
      told_.wait_for(guard, *limit);
    }
    guard.release();
  }
  void tell() noexcept { told_.notify_one(); }

 private:
  std::condition_variable told_;
};

#endif

struct sleeper {
  const void* word;
  sleeper* next = nullptr;
  bool told = false;
  condition changed{};
};

/// Those who sleep on words of some addresses, in the order in which they came.
struct bucket {
  lock guard{};
  sleeper* first = nullptr;
};

inline constexpr std::size_t buckets = 64;
inline constinit bucket table[buckets];

[[nodiscard]] inline bucket& bucket_of(const void* word) noexcept {
  const auto line = reinterpret_cast<std::uintptr_t>(word) / 64;  // words that are waited on are lines apart
  return table[(line ^ line / buckets) % buckets];
}

/// Takes the sleeper that `link` leads to off its list.
inline sleeper* take(sleeper** link) noexcept {
  sleeper* const taken = *link;
  *link = taken->next;
  return taken;
}

/// Sleeps while `word` is `expected`, for `limit` at most unless it is null.
[[gnu::cold]] inline void wait(atomic<std::uint32_t>& word, std::uint32_t expected,
                               const std::chrono::nanoseconds* limit) noexcept {
  bucket& b = bucket_of(&word);
  b.guard.acquire();
  if (word.load(memory_order_relaxed) == expected) {  // ordered by the lock
    sleeper self{&word};
    sleeper** link = &b.first;
    while (*link != nullptr) link = &(*link)->next;
    *link = &self;
    do {
      self.changed.wait(b.guard, limit);
    } while (!self.told && limit == nullptr);
    if (!self.told) {  // it was in vain, or too long
      for (link = &b.first; *link != &self;) link = &(*link)->next;
      take(link);
    }
  }
  b.guard.release();
}

/// Wakes up to `count` that sleep on `word`, those first who sleep longest.
[[gnu::cold]] inline void wake(const void* word, std::uint32_t count) noexcept {
  bucket& b = bucket_of(word);
  b.guard.acquire();
  for (sleeper** link = &b.first; *link != nullptr && count != 0;) {
    if ((*link)->word == word) {
      sleeper* const s = take(link);
      s->told = true;
      s->changed.tell();  // with the lock held: once it is let go, the sleeper's frame may be gone
      --count;
    } else {
      link = &(*link)->next;
    }
  }
  b.guard.release();
}

}  // namespace parloop::inline v0_2::detail::wait_table
