// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Work that goes on while its caller does: loops and functions that are launched, and groups of tasks.
#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

#include "../detail/algorithm/grouped_tasks.hpp"
#include "../detail/algorithm/launched_work.hpp"
#include "controlled.hpp"
#include "parallel_for.hpp"

namespace parloop::inline v0_2 {

/// Launched work that has not been waited for, and whose result is an `R`. Can be moved. One thread at a time may use
/// it.
template <class R>
class launched {
 public:
  /// No work.
  launched() = default;
  /// Made by `launch` alone.
  explicit launched(detail::launched_result<R>* work) noexcept : work_(work) {}
  /// Takes the work of `other`, which has none afterwards.
  launched(launched&& other) noexcept : work_(std::exchange(other.work_, nullptr)) {}
  /// Waits for its own work first.
  launched& operator=(launched&& other) noexcept {
    launched mine(std::move(*this));
    work_ = std::exchange(other.work_, nullptr);
    return *this;
  }
  launched(const launched&) = delete;
  launched& operator=(const launched&) = delete;
  /// Waits for the work. An exception that nobody has waited for is told on stderr.
  ~launched() { detach_after(true); }

  /// Whether there is work to wait for.
  [[nodiscard]] bool valid() const noexcept { return work_ != nullptr; }
  /// Whether it has ended: then wait() returns at once. There has to be work.
  [[nodiscard]] bool done() const noexcept { return work_->has_ended(); }

  /// Returns what the work has returned, or rethrows what it has thrown; what it wrote is visible then. The
  /// caller runs it, if nobody has begun. Afterwards there is no work. Throws `std::logic_error` when there is none, or
  /// when it runs in the process that this one was forked from.
  R wait() {
    if (work_ == nullptr) detail::throw_logic_error("parloop::launched::wait: there is no work to wait for");
    const detail::launched_owner own(std::exchange(work_, nullptr));
    own->wait();
    if constexpr (!std::is_void_v<R>) return std::move(*static_cast<detail::launched_result<R>*>(own.get())->result);
  }

  /// Calls callback() when the work has ended: in the thread that has run it, under no lock, before wait() returns; or
  /// here, if it has ended. Once for each work. The callback may not throw, and not wait for this work.
  template <class Callback>
  void on_done(Callback callback) {
    static_assert(std::invocable<Callback&>, "parloop::launched::on_done: the callback takes no arguments");
    work_->call_when_done(std::move(callback));
  }

  /// The work goes on, and nobody waits for it.
  void detach() noexcept { detach_after(false); }

 private:
  void detach_after(bool waiting) noexcept {
    if (work_ == nullptr) return;
    const detail::launched_owner own(std::exchange(work_, nullptr));
    if (waiting) {
      own->wait_quietly();
    } else {
      own->detach();
    }
  }

  detail::launched_result<R>* work_ = nullptr;
};

namespace detail {

template <class Function>
auto launch_function(backend& b, Function&& f) {
  using function = std::decay_t<Function>;
  constexpr bool callable = std::invocable<function>;
  static_assert(callable, "parloop::launch: the function takes no arguments");
  if constexpr (callable) {
    using result = std::invoke_result_t<function>;
    static_assert(!std::is_reference_v<result>, "parloop::launch: the function returns a value or nothing");
    auto* const work = new launched_function<result, function>(b, std::forward<Function>(f));
    work->post();
    return launched<result>(work);
  }
}

template <class Range, class Body>
auto launch_loop(backend& b, const Range& range, Body&& body) {
  return launch_function(
      b, [&b, range, own = std::decay_t<Body>(std::forward<Body>(body))] { return parallel_for(b, range, own); });
}

}  // namespace detail

/// Runs f() once, in a worker of `b` or in who waits for it first, while the caller goes on. The function is moved or
/// copied; what it refers to has to live until it has ended, and so has `b`. Loops in it that name no backend run on
/// `b`. Backends of width 1, as `serial` or any on one CPU, run it in launched::wait. A backend that has no workers of
/// the library's (`openmp`, `tbb`, `workqueue`) lets the library's run it. Throws `std::bad_alloc`, and nothing runs.
///     auto next = launch(pool, [&] { return read_file(name); });
///     compute(data);
///     data = next.wait();
template <detail::callee Function>
[[nodiscard]] auto launch(backend& b, Function&& f) {
  return detail::launch_function(b, std::forward<Function>(f));
}
/// The same on the default backend.
template <detail::callee Function>
[[nodiscard]] auto launch(Function&& f) {
  return detail::launch_function(default_backend(), std::forward<Function>(f));
}

/// Runs parallel_for(b, range, body) while the caller goes on. The result is what that returns: nothing, or a
/// `loop_result` where the range has a stop token.
template <loop_range Range, class Body>
[[nodiscard]] auto launch(backend& b, const Range& range, Body&& body) {
  return detail::launch_loop(b, range, std::forward<Body>(body));
}
/// The same on the default backend.
template <loop_range Range, class Body>
[[nodiscard]] auto launch(const Range& range, Body&& body) {
  return detail::launch_loop(default_backend(), range, std::forward<Body>(body));
}

/// Runs f() once, in a worker of `b`, and nobody waits for it. Where there are no workers it runs here, or in a thread
/// that runs others. The destructors of `thread_pool` and `work_stealing` wait for it, other backends have to outlive
/// it; the default backend is never destroyed, and what has not ended when `main` returns may be cut off. An exception
/// is told on stderr.
template <detail::callee Function>
void launch_detached(backend& b, Function&& f) {
  static_assert(std::invocable<std::decay_t<Function>>, "parloop::launch_detached: the function takes no arguments");
  detail::post_detached(b, std::forward<Function>(f));
}
/// The same on the default backend.
template <detail::callee Function>
void launch_detached(Function&& f) {
  launch_detached(default_backend(), std::forward<Function>(f));
}

/// Tasks that are waited for together. Any thread may call run, also tasks of the group; one at a time wait.
class task_group {
 public:
  /// Its tasks run on `b`, which has to outlive it.
  explicit task_group(backend& b) : tasks_(b) {}
  /// On the default backend.
  task_group() : task_group(default_backend()) {}
  task_group(const task_group&) = delete;
  task_group& operator=(const task_group&) = delete;
  /// Waits for the tasks. An exception that nobody has waited for is told on stderr.
  ~task_group() { tasks_.wait_quietly(); }

  /// Runs f() once, as `launch` does. Throws `std::bad_alloc`.
  template <detail::callee Function>
  void run(Function&& f) {
    static_assert(std::invocable<std::decay_t<Function>>, "parloop::task_group: the function takes no arguments");
    tasks_.run(std::forward<Function>(f));
  }

  /// Runs tasks that nobody has begun, and returns when all have ended; then the group may be used again. Rethrows the
  /// first exception; tasks that had not begun when it was thrown have not run. Throws `std::logic_error` when some run
  /// in the process that this one was forked from.
  void wait() { tasks_.wait(); }

 private:
  detail::grouped_tasks tasks_;
};

}  // namespace parloop::inline v0_2
