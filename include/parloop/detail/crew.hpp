// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The threads of a team: started one by one when wanted, let go or joined; failing to start one harms nobody. For
/// detail/team.hpp.
#pragma once

#include <atomic>
#include <cstring>
#include <memory>

#include "compare.hpp"
#include "diagnose.hpp"
#include "fork.hpp"
#include "thread.hpp"
#include "ticks.hpp"

namespace parloop::inline v0::detail {

class crew {
 public:
  /// Starts no thread. Those started later run work(context, number), each with a number in [0, size) of its own.
  /// Throws `std::bad_alloc`.
  [[gnu::cold]] crew(int size, void (*work)(void* context, int number) noexcept, void* context)
      : work_(work),
        context_(context),
        size_(size),
        members_(std::make_unique<member[]>(static_cast<std::size_t>(size))) {
    count_forks();
    keep_code_loaded();
    generation_ = fork_generation.load(std::memory_order_relaxed);
    for (int i = 0; i < size; ++i) members_[static_cast<std::size_t>(i)].owner = this;
  }

  /// False in a forked child: the threads are the parent's, and nothing of them may be touched any more.
  [[nodiscard]] bool exists_here() const noexcept {
    return generation_ == fork_generation.load(std::memory_order_relaxed);
  }

  [[nodiscard]] int size() const noexcept { return size_; }
  /// Threads that exist now.
  [[nodiscard]] int threads() const noexcept { return threads_.load(std::memory_order_relaxed); }
  /// How often no more threads could be started.
  [[nodiscard]] int failures() const noexcept { return failures_.load(std::memory_order_relaxed); }

  /// Starts one thread, and lets those that come start others until there are `count`.
  [[gnu::cold]] void want(int count) noexcept {
    wanted_.store(smaller(count, size_), std::memory_order_relaxed);
    start_one();
  }

  /// Starts one thread, if fewer than wanted exist. After a failure, none for a second: the loop goes on without.
  [[gnu::cold]] void start_one() noexcept {
    if (threads() >= wanted_.load(std::memory_order_relaxed)) return;
    if (failures_.load(std::memory_order_relaxed) != 0 && now() < retry_at_.load(std::memory_order_relaxed)) return;
    for (int i = 0; i < size_; ++i) {
      member& m = members_[static_cast<std::size_t>(i)];
      status expected = status::none;
      // Acquire: pairs with the release in let_go; its last user is done with the member.
      if (!m.state.compare_exchange_strong(expected, status::starting, std::memory_order_acquire,
                                           std::memory_order_relaxed)) {
        continue;
      }
      threads_.fetch_add(1, std::memory_order_relaxed);
      if (const int error = m.thread.start(&run_member, &m); error != 0) {
        threads_.fetch_sub(1, std::memory_order_relaxed);
        note_failure(error);
        m.state.store(status::none, std::memory_order_release);
      } else {
        m.state.store(status::running, std::memory_order_release);  // pairs with end, which joins m.thread
      }
      return;
    }
  }

  /// Lets the calling thread, of this number, end without being joined; false when end_all wants to join it instead.
  [[gnu::cold]] bool let_go(int number) noexcept {
    member& m = members_[static_cast<std::size_t>(number)];
    status expected = status::running;
    while (!m.state.compare_exchange_strong(expected, status::leaving, std::memory_order_acquire)) {
      if (expected == status::ending) return false;
      expected = status::running;  // who started this thread has yet to note that it did
      relax();
    }
    m.thread.detach_self();
    threads_.fetch_sub(1, std::memory_order_relaxed);
    m.state.store(status::none, std::memory_order_release);  // pairs with start_one and end; the last touch
    return true;
  }

  /// Joins all threads, which must be about to end, and sees to it that none is started any more.
  [[gnu::cold]] void end_all() noexcept {
    for (int i = 0; i < size_; ++i) end(members_[static_cast<std::size_t>(i)]);
  }

 private:
  enum class status : int { none, starting, running, leaving, ending };

  struct member {
    crew* owner = nullptr;
    /// none -> starting -> running (or none, when that failed) by who starts it; running -> leaving -> none by itself;
    /// none or running -> ending by end_all, which joins in the second case.
    std::atomic<status> state{status::none};
    worker_thread thread;
  };

  [[gnu::cold]] static void run_member(void* self) noexcept {
    const member& m = *static_cast<member*>(self);
    m.owner->work_(m.owner->context_, static_cast<int>(&m - m.owner->members_.get()));
  }

  [[gnu::cold]] void note_failure(int error) noexcept {
    retry_at_.store(now() + to_ticks(std::chrono::seconds(1)), std::memory_order_relaxed);
    if (failures_.fetch_add(1, std::memory_order_relaxed) == 0) {
      diagnose("cannot start more threads (%s); loops go on with %d of %d", std::strerror(error), threads() + 1,
               size_ + 1);
    }
  }

  /// Joins the member's thread if there is one. Workers that have just come may still be starting others.
  [[gnu::cold]] void end(member& m) noexcept {
    while (true) {
      status seen = status::none;
      // Acquire: pairs with the releases in let_go, whose last touch it is, and in start_one.
      if (m.state.compare_exchange_strong(seen, status::ending, std::memory_order_acquire)) return;
      if (seen == status::running && m.state.compare_exchange_strong(seen, status::ending, std::memory_order_acquire)) {
        m.thread.join();
        return;
      }
      relax();  // it is being started or leaves
    }
  }

  void (*work_)(void* context, int number) noexcept;
  void* context_;
  int size_;
  std::uint32_t generation_ = 0;
  std::atomic<int> threads_{0};
  std::atomic<int> wanted_{0};
  std::atomic<int> failures_{0};
  std::atomic<ticks> retry_at_{0};
  std::unique_ptr<member[]> members_;
};

}  // namespace parloop::inline v0::detail
