// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The limit of what waiting can give: two threads that poll one word for ever.
#pragma once

#include <immintrin.h>

#include <atomic>
#include <thread>

namespace bench {

/// A thread that does the second half of each task: `half(task)`. Of one caller at a time.
template <class Task>
class spinning_partner {
 public:
  explicit spinning_partner(void (*half)(const Task&)) : half_(half) {}

  /// Begins to poll, or ends.
  void spin(bool on) {
    line_.stop.store(!on);
    if (on) {
      thread_ = std::thread([this] { serve(); });
    } else {
      thread_.join();
    }
  }

  /// Lets the partner do its half while the caller does `mine()`.
  template <class Mine>
  void run(const Task& task, const Mine& mine) {
    line_.task = task;
    const unsigned turn = line_.turn.load(std::memory_order_relaxed);  // the partner does not change an even one
    line_.turn.store(turn + 1, std::memory_order_release);             // pairs with the acquire in serve: the task
    mine();
    // Acquire: pairs with the release in serve; what the partner wrote.
    while (line_.turn.load(std::memory_order_acquire) != turn + 2) _mm_pause();
  }

 private:
  void serve() {
    while (!line_.stop.load(std::memory_order_relaxed)) {  // looked at again and again
      const unsigned turn = line_.turn.load(std::memory_order_acquire);
      if (turn % 2 == 0) {
        _mm_pause();
        continue;
      }
      half_(line_.task);
      line_.turn.store(turn + 1, std::memory_order_release);
    }
  }

  // The word that both poll: even, nothing to do; odd, there is a half for the partner. What it has to do travels in
  // the same cache line.
  struct alignas(64) line {
    std::atomic<unsigned> turn{0};
    std::atomic<bool> stop{false};
    Task task{};
  };
  line line_;
  void (*half_)(const Task&);
  std::thread thread_;
};

}  // namespace bench
