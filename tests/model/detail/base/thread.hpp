// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The model's threads. As with pthread_create, who starts one may come to know its handle after it has begun.
#pragma once

namespace parloop::inline v0_2::detail {

inline void keep_code_loaded(void (*)(void*, int) noexcept) noexcept {}

class worker_thread {
 public:
  worker_thread() : handle_(0) {}
  worker_thread(worker_thread&& other) noexcept : handle_(other.handle_($).load()) {}
  worker_thread& operator=(worker_thread&& other) noexcept {
    handle_($).store(other.handle_($).load());
    return *this;
  }

  int start(void (*function)(void*) noexcept, void* argument) noexcept {
    if (model::here.threads_left == 0 || (model::here.may_fail && rl::rand(2) == 0)) return 11;
    --model::here.threads_left;
    entry& e = entries[model::here.threads_made++ % model::most_threads];
    e = {function, argument};
    rl::win_waitable_object* made = rl::ctx().create_thread(
        [](void* p) -> void* {
          const entry begin = *static_cast<entry*>(p);
          begin.function(begin.argument);
          return nullptr;
        },
        &e);
    handle_($).store(reinterpret_cast<std::intptr_t>(made));
    return 0;
  }
  void join() noexcept {
    reinterpret_cast<rl::win_waitable_object*>(handle_($).load())->wait(false, false, $);
    ++model::here.threads_ended;
  }
  void detach_self() noexcept {
    (void)handle_($).load();
    ++model::here.threads_ended;
  }

 private:
  struct entry {
    void (*function)(void*) noexcept;
    void* argument;
  };
  static inline entry entries[model::most_threads]{};
  rl::var<std::intptr_t> handle_;
};

}  // namespace parloop::inline v0_2::detail
