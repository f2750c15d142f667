// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// What is recorded of the loops at one place of a program, and the list of all such places. For doctor.hpp.
#pragma once

#include <cstring>
#include <mutex>
#include <new>
#include <string>
#include <string_view>

#include "../base/atomic.hpp"
#include "../base/throw.hpp"
#include "call_figures.hpp"
#include "diagnosis.hpp"

namespace parloop::inline v0_2::detail {

/// The loops at one place. Never deleted.
class site_record {
 public:
  site_record(const char* file, int line, std::string_view name, double bytes)
      : bytes_(bytes), file_(file), line_(line), name_(name) {}

  [[nodiscard]] bool is(const char* file, int line, std::string_view name) const noexcept {
    return line == line_ && name == name_ && (file == file_ || std::strcmp(file, file_) == 0);
  }

  /// What the backend is to do with a call that it is given.
  struct plan {
    bool alone = false;
    bool detailed = false;
  };
  [[nodiscard]] plan next_call(ticks time) noexcept {
    const std::unique_lock lock(mutex_, std::try_to_lock);  // never waits: who meets another here looks away
    if (!lock.owns_lock()) return {};
    constexpr std::int64_t settled = 2;    // calls, with cold caches and threads to be made
    constexpr double part = 0.05;          // of the loop's time may be spent on looking
    constexpr std::int64_t at_first = 16;  // calls of which every one is watched
    if (shared_ >= settled && alone_ticks_ <= part * ticks_) return {true, false};
    if (shared_ > at_first && time - last_detail_ < to_ticks(std::chrono::milliseconds(1))) return {};
    last_detail_ = time;
    return {false, true};
  }

  /// `start`: of the call; `threads`: the backend's width.
  void add(const call_figures& call, ticks start, int threads) noexcept {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock.owns_lock()) return;
    ++calls_;
    const double n = static_cast<double>(larger<index_t>(call.iterations, 1));
    const double wall = static_cast<double>(call.wall);
    iterations_ += n;
    ticks_ += wall;
    threads_ = threads;
    if (last_start_ != 0) period_.add(static_cast<double>(larger<ticks>(start - last_start_, 0)));
    last_start_ = start;
    if (call.cpu >= 0 && !call.alone) {
      cpu_seconds_ += call.cpu;
      watched_ticks_ += wall;
    }
    if (!call.shared) {
      serial_.add(wall / n);
    } else {
      ++shared_;
      add_shared(call, n, wall);
    }
  }

  /// CPU time that threads other than the caller used in the time until the next loop.
  void add_gap(ticks gap, double burnt) noexcept {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock.owns_lock()) return;
    gap_ticks_ += static_cast<double>(gap);
    burnt_seconds_ += larger(burnt, 0.0);
  }

  [[nodiscard]] loop_figures figures() {
    const std::scoped_lock lock(mutex_);
    loop_figures f;
    f.calls = calls_;
    if (calls_ == 0) return f;
    f.shared = shared_;
    f.iterations = iterations_ / static_cast<double>(calls_);
    f.threads = threads_;
    const double second = 1e9 * ticks_per_nanosecond();
    const double alone = serial_.median() * f.iterations / second;
    f.wall = wall_.median() * f.iterations / second;
    f.work = work_.median() * f.iterations;
    f.serial_work = serial_work_.median() * f.iterations;
    f.serial = alone > 0 ? alone : f.work;  // what the threads spent is the best guess where nothing was sampled
    if (f.wall <= 0 || static_cast<double>(shared_) < limits::mostly_serial * static_cast<double>(calls_)) {
      f.wall = alone;
    }
    f.running = running_.median();
    f.wake = wake_.median() / second;
    f.tail = tail_.median();
    f.longest = longest_.median();
    f.longest_excess = longest_excess_.median();
    f.chunks = chunks_.median();
    f.participants = participants_.median();
    f.period = period_.median() / second;
    f.cpu = watched_ticks_ > 0 ? cpu_seconds_ / watched_ticks_ * second : 0;
    f.burnt = gap_ticks_ > 0 ? burnt_seconds_ / gap_ticks_ * second : 0;
    f.bytes = bytes_;
    return f;
  }

  /// "name (file:line)"
  [[nodiscard]] std::string place() const {
    const char* slash = std::strrchr(file_, '/');
    const std::string where = std::string(slash == nullptr ? file_ : slash + 1) + ":" + std::to_string(line_);
    return name_.empty() ? where : name_ + " (" + where + ")";
  }

  site_record* next = nullptr;  ///< in the list; constant once there

 private:
  void add_shared(const call_figures& call, double n, double wall) noexcept {
    const double in_backend = static_cast<double>(larger<index_t>(call.shared_of_it, 1));
    if (call.alone) {
      alone_ticks_ += wall;
      serial_.add(wall / n);
      serial_work_.add(call.work / in_backend);
      return;
    }
    wall_.add(wall / n);
    if (!call.detailed) return;
    work_.add(call.work / in_backend);
    if (call.in_chunks > 0) {
      running_.add(call.work * 1e9 * ticks_per_nanosecond() / static_cast<double>(call.in_chunks));
    }
    if (call.participants > 1) wake_.add(static_cast<double>(call.wake));
    if (call.after_sharing > 0) tail_.add(static_cast<double>(call.tail) / static_cast<double>(call.after_sharing));
    const double part = call.work > 0 ? call.longest / call.work : 0;
    longest_.add(part);
    longest_excess_.add(call.longest_iterations > 0 ? part * in_backend / call.longest_iterations : 0);
    chunks_.add(call.chunks);
    participants_.add(call.participants);
  }

  std::mutex mutex_;
  std::int64_t calls_ = 0;
  std::int64_t shared_ = 0;
  double iterations_ = 0;  // all calls
  double ticks_ = 0;       // in all calls
  double alone_ticks_ = 0;
  double cpu_seconds_ = 0;  // in the time of the next
  double watched_ticks_ = 0;
  double gap_ticks_ = 0;
  double burnt_seconds_ = 0;
  double bytes_;
  int threads_ = 1;
  ticks last_start_ = 0;
  ticks last_detail_ = 0;
  last_values serial_, wall_;       // ticks per iteration
  last_values serial_work_, work_;  // s per iteration
  last_values wake_, period_;       // ticks
  last_values running_, tail_, longest_, longest_excess_, chunks_, participants_;
  const char* file_;
  int line_;
  std::string name_;
};

/// All places; a list that only grows, at its head.
inline constinit atomic<site_record*> all_sites{nullptr};

/// The record of a place, made at its first call; null when there is no memory.
[[nodiscard]] inline site_record* record_of(const char* file, int line, std::string_view name, double bytes) noexcept {
  // Acquire: pairs with the release below, so that who sees a record sees what is in it.
  site_record* head = all_sites.load(memory_order_acquire);
  for (site_record* s = head; s != nullptr; s = s->next) {
    if (s->is(file, line, name)) return s;
  }
  site_record* const made =
      call_or([&] { return new site_record(file, line, name, bytes); }, []() -> site_record* { return nullptr; });
  if (made == nullptr) return nullptr;
  // Two threads that come here at once make two records of one place; the table shows both.
  do {
    made->next = head;
  } while (!all_sites.compare_exchange_weak(head, made, memory_order_release, memory_order_relaxed));
  return made;
}

}  // namespace parloop::inline v0_2::detail
