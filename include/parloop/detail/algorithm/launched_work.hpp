// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Launched functions as tasks: their results, exceptions and owners. For algorithm/launch.hpp.
#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "../../default_backend.hpp"
#include "../base/caller_context.hpp"
#include "../base/first_exception.hpp"
#include "../base/place_in_loop.hpp"
#include "../base/throw.hpp"
#include "../base/warning.hpp"
#include "../team/launching.hpp"
#include "../team/nesting.hpp"

namespace parloop::inline v0_2::detail {

[[gnu::cold]] inline void warn_of_lost_exception(const std::exception_ptr& error) noexcept {
  if (error == nullptr) return;
#ifdef __cpp_exceptions
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    warn("launched work that nobody has waited for threw an exception: %s", e.what());
  } catch (...) {
    warn("launched work that nobody has waited for threw an exception");
  }
#endif
}

[[noreturn, gnu::cold]] inline void throw_left_behind() {
  throw_logic_error("parloop: launched work runs in the process that this one was forked from, and has no end here");
}

/// Calls f() as launched work of `batch`: outside of loops, with what it takes over from who launched it.
template <class Function>
void call_launched(const task_batch* batch, const caller_context& from, Function&& f) {
  const scoped_place place({});
  const inside mark(batch, inside::a_task);
  const caller_context::adopted context(from);
  std::forward<Function>(f)();
}

/// Work that has a handle. Two own it: the work itself until it has ended, and the handle.
class launched_work : public task {
 public:
  launched_work(backend& b, void (*function)(task&) noexcept)
      : task(function), team_(team::launching::of(b)), context_(&b) {}
  launched_work(const launched_work&) = delete;
  launched_work& operator=(const launched_work&) = delete;

  void post() noexcept { team::launching::post(team_, batch_, *this); }

  /// Whether it has ended. Acquire: pairs with the release in run_and_end.
  [[nodiscard]] bool has_ended() const noexcept { return (stage_.load(memory_order_acquire) & ended) != 0; }

  /// Returns when it has ended, and rethrows what it has thrown.
  void wait() {
    if (!team::launching::wait(team_, batch_)) throw_left_behind();
    if (error_ != nullptr) std::rethrow_exception(std::exchange(error_, nullptr));
  }
  void wait_quietly() noexcept { (void)team::launching::wait(team_, batch_); }
  /// Nobody will wait for it. Where there are no workers, it runs now.
  void detach() noexcept {
    if (team_.threads() == 0 || !team_.exists_here()) return wait_quietly();
    team::launching::add_detached(team_);
    // Relaxed: the exchanges of one word are ordered, and nothing else is to be seen.
    if ((stage_.fetch_or(is_detached, memory_order_relaxed) & ended) == 0) return;
    wait_quietly();  // not long
    team::launching::end_detached(team_);
  }

  template <class Callback>
  void call_when_done(Callback callback) {
    struct one_call : call {
      explicit one_call(Callback&& c) : call{&run_once}, function(std::move(c)) {}
      static void run_once(call* self) noexcept {
        const std::unique_ptr<one_call> own(static_cast<one_call*>(self));
        own->function();
      }
      Callback function;
    };
    callback_ = new one_call(std::move(callback));
    // Release: pairs with the acquire in run_and_end. Acquire: with the release there.
    if ((stage_.fetch_or(has_callback, memory_order_acq_rel) & ended) != 0) callback_->run(callback_);
  }

  /// One of the two owners goes. Release and acquire: the last sees what the other did.
  void release() noexcept {
    if (owners_.fetch_sub(1, memory_order_acq_rel) == 1) {
      warn_of_lost_exception(error_);
      delete this;
    }
  }

 protected:
  virtual ~launched_work() = default;

  /// Runs f() as this work.
  template <class Function>
  void run_and_end(Function&& f) noexcept {
    call_or([&] { call_launched(&batch_, context_, std::forward<Function>(f)); },
            [&] { error_ = std::current_exception(); });
    // As in call_when_done: of the two the one that comes later calls.
    const std::uint32_t before = stage_.fetch_or(ended, memory_order_acq_rel);
    if ((before & has_callback) != 0) callback_->run(callback_);
    team& t = team_;
    batch_.finish();
    release();
    if ((before & is_detached) != 0) team::launching::end_detached(t);
  }

 private:
  struct call {
    void (*run)(call* self) noexcept;
  };
  static constexpr std::uint32_t ended = 1;
  static constexpr std::uint32_t has_callback = 2;
  static constexpr std::uint32_t is_detached = 4;

  team& team_;
  caller_context context_;
  task_batch batch_;
  atomic<std::uint32_t> stage_{0};
  atomic<int> owners_{2};
  call* callback_ = nullptr;
  std::exception_ptr error_;
};

/// A handle's part.
class launched_owner {
 public:
  explicit launched_owner(launched_work* work) noexcept : work_(work) {}
  launched_owner(const launched_owner&) = delete;
  launched_owner& operator=(const launched_owner&) = delete;
  ~launched_owner() { work_->release(); }
  [[nodiscard]] launched_work* get() const noexcept { return work_; }
  launched_work* operator->() const noexcept { return work_; }

 private:
  launched_work* work_;
};

template <class R>
class launched_result : public launched_work {
 public:
  using launched_work::launched_work;
  std::optional<R> result;
};
template <>
class launched_result<void> : public launched_work {
 public:
  using launched_work::launched_work;
};

template <class R, class Function>
class launched_function final : public launched_result<R> {
 public:
  template <class F>
  launched_function(backend& b, F&& f) : launched_result<R>(b, &run), function_(std::forward<F>(f)) {}

 private:
  static void run(task& self) noexcept {
    auto& own = static_cast<launched_function&>(self);
    own.run_and_end([&own] {
      // Destroyed here, with what it holds: who waits may want that.
      Function f(std::move(*own.function_));
      own.function_.reset();
      if constexpr (std::is_void_v<R>) {
        std::move(f)();
      } else {
        own.result.emplace(std::move(f)());
      }
    });
  }

  std::optional<Function> function_;
};

}  // namespace parloop::inline v0_2::detail
