// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// Functions as tasks that have no handle: those of a group, and those that nobody waits for. For algorithm/launch.hpp.
#pragma once

#include "../base/throw.hpp"
#include "launched_work.hpp"

namespace parloop::inline v0_2::detail {

/// A function that runs once, and then tells `Group` of it; frees itself.
template <class Group, class Function>
class owned_task final : public task {
 public:
  template <class F>
  owned_task(Group& group, F&& f) : task(&run_once), group_(group), function_(std::forward<F>(f)) {}

 private:
  static void run_once(task& self) noexcept {
    std::unique_ptr<owned_task> own(static_cast<owned_task*>(&self));
    Group& group = own->group_;
    group.call(own->function_);
    own.reset();
    group.note_end();
  }

  Group& group_;
  Function function_;
};

/// Tasks that are waited for together.
class grouped_tasks {
 public:
  explicit grouped_tasks(backend& b) : backend_(b), team_(&team::launching::of(b)), context_(&b) {}
  grouped_tasks(const grouped_tasks&) = delete;
  grouped_tasks& operator=(const grouped_tasks&) = delete;
  ~grouped_tasks() = default;

  template <class F>
  void run(F&& f) {
    auto* const t = new owned_task<grouped_tasks, std::decay_t<F>>(*this, std::forward<F>(f));
    if (!team_->exists_here()) leave_parent();
    team::launching::post(*team_, batch_, *t);
    batch_.notify_waiters();
  }

  void wait() {
    const bool all = team::launching::wait(*team_, batch_);
    const std::exception_ptr error = error_.take();
    if (!all) throw_left_behind();
    if (error != nullptr) std::rethrow_exception(error);
  }
  void wait_quietly() noexcept {
    (void)team::launching::wait(*team_, batch_);
    warn_of_lost_exception(error_.take());
  }

  template <class Function>
  void call(Function& f) noexcept {
    if (error_.caught()) return;
    error_.keep_thrown_by([&] { call_launched(&batch_, context_, std::move(f)); });
  }
  void note_end() noexcept { batch_.finish(); }

 private:
  /// In a forked child: what was not begun runs now.
  [[gnu::cold]] void leave_parent() {
    (void)team::launching::wait(*team_, batch_);
    team_ = &team::launching::of(backend_);
  }

  backend& backend_;
  team* team_;
  caller_context context_;
  task_batch batch_;
  first_exception error_;
};

/// What a detached task belongs to.
class detached_task_context {
 public:
  detached_task_context(backend& b, team& t) noexcept : team_(t), context_(&b) {}

  template <class Function>
  void call(Function& f) noexcept {
    call_or([&] { call_launched(nullptr, context_, std::move(f)); },
            [] { warn_of_lost_exception(std::current_exception()); });
  }
  void note_end() noexcept { team::launching::end_detached(team_); }

 private:
  team& team_;
  caller_context context_;
};

template <class F>
void post_detached(backend& b, F&& f) {
  team& t = team::launching::of(b);
  using function = std::decay_t<F>;
  struct alone final : task {
    alone(backend& b, team& t, F&& f) : task(&run_once), context(b, t), call(std::forward<F>(f)) {}
    static void run_once(task& self) noexcept {
      std::unique_ptr<alone> own(static_cast<alone*>(&self));
      detached_task_context at = own->context;
      at.call(own->call);
      own.reset();
      at.note_end();
    }
    detached_task_context context;
    function call;
  };
  team::launching::post_detached(t, *new alone(b, t, std::forward<F>(f)));
}

}  // namespace parloop::inline v0_2::detail
